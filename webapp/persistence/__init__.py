"""Rows and the unit of work: the only floor that writes SQL that changes something."""
