"""Who may touch bank statements and matches on PostgreSQL, frozen with revision 0005; as revision 0002 does it.

What the bank says belongs to no site: only who sees every site reads it, and decides what matches. A match is told
to those who see its payment.
"""

CONFINED, UNCONFINED = "duewatch_app", "duewatch_all"
TABLES = ("bank_statements", "bank_lines", "matches")

_OWN_SITE = "site_id = ANY (string_to_array(current_setting('duewatch.sites', true), ',')::bigint[])"
_MAINTAIN = """
DO $$ BEGIN
  IF current_setting('server_version_num')::int >= 170000 THEN
    EXECUTE 'GRANT MAINTAIN ON bank_statements, bank_lines, matches TO duewatch_all';
  END IF;
END $$"""


def create(_schema: str) -> list[str]:
    """The statements, in order."""
    both, every = f"{CONFINED}, {UNCONFINED}", ", ".join(TABLES)
    sequences = ", ".join(f"{table}_id_seq" for table in TABLES)
    return [
        f"GRANT SELECT ON {every} TO {both}",
        f"GRANT INSERT ON {every} TO {UNCONFINED}",
        f"GRANT USAGE, SELECT, UPDATE ON SEQUENCE {sequences} TO {UNCONFINED}",  # a seed brings its ids
        _MAINTAIN,
        *(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY" for table in TABLES),
        *(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY" for table in TABLES),
        *(f"CREATE POLICY everything ON {table} TO {UNCONFINED} USING (true) WITH CHECK (true)" for table in TABLES),
        f"CREATE POLICY own_sites ON matches FOR SELECT TO {CONFINED} USING ({_OWN_SITE})",
    ]
