"""Bytes to values and back: diagram layout, spreadsheets, approval forms; no rows, no engine."""
