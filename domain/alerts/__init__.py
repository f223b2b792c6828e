"""Alerts: the rules in one table, what each finds, and what becomes of an alert."""
