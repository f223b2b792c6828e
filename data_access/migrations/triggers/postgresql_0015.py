"""Terms are compared row by row on PostgreSQL, new columns and all: nothing to make anew with revision 0015."""

CREATE: list[str] = []
REPLACED: list[str] = []
RESTORED: list[str] = []
