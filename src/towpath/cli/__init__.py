"""The command line: a door that translates what people write into use cases, and what came of it into tables or JSON."""
