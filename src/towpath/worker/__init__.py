"""The background worker: a door without a visitor."""
