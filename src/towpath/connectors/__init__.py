"""Doors to outside systems: each file or folder sends effects of one kind and knows no other."""
