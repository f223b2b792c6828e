"""Rules. They take data and dates and return data: no I/O, no clock, no framework."""
