"""PostgreSQL leaves marks for each statement since revision 0023: nothing changes with revision 0031."""

CREATE: list[str] = []
