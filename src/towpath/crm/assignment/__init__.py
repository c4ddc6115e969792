"""Assignment: pools of people, and who of them gets the next record."""
