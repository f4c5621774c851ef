"""A plainly invented city 星屿市 for trying the product out; never part of an installation that works for real."""
