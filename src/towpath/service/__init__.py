"""Use cases, one file each: transaction, permission, audit. Doors call them and nothing else."""
