"""Adapters: what keeps rows, tells the time, makes ids and rolls dice for the core that does none of it."""
