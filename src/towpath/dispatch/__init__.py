"""Dispatchers: how the processes that work on one store are told that there is something to do."""
