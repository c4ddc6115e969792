"""Frozen nouns with their JSON form; they know nothing of storage, time or the network."""
