"""The objects that every Towpath has, one file each, written as data."""
