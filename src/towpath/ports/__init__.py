"""What the core asks of the outside world, as Protocols; adapters on higher floors provide it."""
