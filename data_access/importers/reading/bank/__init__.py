"""Bank statements as banks send them, each format to the same rows. Loaded by the confined child alone, when it meets one."""
