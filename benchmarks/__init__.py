"""Benchmarks: what Towpath does in a second, beside the limit that the machine sets in the same run."""
