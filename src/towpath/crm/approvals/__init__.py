"""Approvals (semantics.md §1.7): who decides, how answers add up, and how a request goes from step to step."""
