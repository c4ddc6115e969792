"""Programs that make committed files out of the code; tests compare what they make with what is committed."""
