"""The Python face: workflows written as programs, checked, run and published."""
