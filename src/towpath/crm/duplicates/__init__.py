"""Duplicates (semantics.md §1.10): normal forms, candidates by blocking key, scores, and what a save does then."""
