"""A deterministic demo organisation."""
