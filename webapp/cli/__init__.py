"""The terminal's entrance: every ``flask`` command, and the bootstrap that needs no package at all."""
