"""JavaScript and Python of workflow authors, run in processes of their own that can reach nothing."""
