"""Dalian: prevention work to the end of 2016, as its report of 2017-06-09 tells it."""
