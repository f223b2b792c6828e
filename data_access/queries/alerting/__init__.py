"""Reads of the alert rules, one module a subject; alert_findings puts them together."""
