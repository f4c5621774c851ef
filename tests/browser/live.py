"""The running product that browser tests look at: the place of the ``live_server`` fixture.

A fixture written here is made known to the tests by importing it at the end of ``conftest.py``.
"""
