"""Roles, privileges and row-level security on PostgreSQL, frozen by revision."""
