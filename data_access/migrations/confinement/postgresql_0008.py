"""Who may touch decisions on bank lines on PostgreSQL, frozen with revision 0008: who sees every site, as revision 0005."""

CONFINED, UNCONFINED = "duewatch_app", "duewatch_all"
TABLES = ("bank_line_decisions", "match_aliases")

_MAINTAIN = """
DO $$ BEGIN
  IF current_setting('server_version_num')::int >= 170000 THEN
    EXECUTE 'GRANT MAINTAIN ON bank_line_decisions, match_aliases TO duewatch_all';
  END IF;
END $$"""


def create(_schema: str) -> list[str]:
    """The statements, in order."""
    every, sequences = ", ".join(TABLES), ", ".join(f"{table}_id_seq" for table in TABLES)
    return [
        f"GRANT SELECT ON {every} TO {CONFINED}, {UNCONFINED}",
        f"GRANT INSERT ON {every} TO {UNCONFINED}",
        f"GRANT UPDATE (matched) ON bank_lines TO {UNCONFINED}",  # the counter, and the row's lock
        f"GRANT USAGE, SELECT ON SEQUENCE {sequences} TO {UNCONFINED}",
        _MAINTAIN,
        *(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY" for table in TABLES),
        *(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY" for table in TABLES),
        *(f"CREATE POLICY everything ON {table} TO {UNCONFINED} USING (true) WITH CHECK (true)" for table in TABLES),
    ]
