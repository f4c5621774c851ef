"""Verbs that change something: one function a command, one transaction, one event."""
