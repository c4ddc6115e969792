"""The command line: translates what people write into use cases, and what came of it into tables or JSON."""
