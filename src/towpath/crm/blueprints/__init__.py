"""Blueprints (semantics.md §1.5): which records one holds, who may move them on, and what moving them does."""
