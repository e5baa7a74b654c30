"""What a person looks at: pictures of what the measures say (extra ``report``)."""
