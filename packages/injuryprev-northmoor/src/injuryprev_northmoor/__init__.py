"""Northmoor, which does not exist: a folder with a profile and no code."""
