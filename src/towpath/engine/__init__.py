"""The engine: runs of workflow versions advanced in lockstep batches, with no I/O, clock or chance of its own."""
