"""Which bank line is which payment, and which call it was made on: candidates, scores with reasons, one to one."""
