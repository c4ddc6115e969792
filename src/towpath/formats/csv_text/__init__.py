"""CSV in whatever encoding and with whatever delimiter."""
