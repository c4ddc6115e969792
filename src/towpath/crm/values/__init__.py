"""Checks that turn what people and machines write into the one stored form of a field type."""
