"""Hostile JavaScript and Python, and what is watched while it runs."""
