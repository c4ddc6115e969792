"""People who sign in: what is stored of them, and the rules that need no clock and no chance."""
