"""Rows of text, as files bring them, made into values of fields."""
