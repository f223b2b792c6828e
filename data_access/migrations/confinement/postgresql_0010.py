"""Who may touch vendor statements and what came of disputes on PostgreSQL, frozen with revision 0010; as 0002 does it.

They belong to sites, as the ledger does.
"""

CONFINED, UNCONFINED = "duewatch_app", "duewatch_all"
TABLES = ("vendor_statements", "vendor_statement_lines", "dispute_events")

_OWN_SITE = "site_id = ANY (string_to_array(current_setting('duewatch.sites', true), ',')::bigint[])"
_MAINTAIN = f"""
DO $$ BEGIN
  IF current_setting('server_version_num')::int >= 170000 THEN
    EXECUTE 'GRANT MAINTAIN ON {", ".join(TABLES)} TO duewatch_all';
  END IF;
END $$"""


def create(_schema: str) -> list[str]:
    """The statements, in order."""
    both, every = f"{CONFINED}, {UNCONFINED}", ", ".join(TABLES)
    sequences = ", ".join(f"{table}_id_seq" for table in TABLES)
    return [
        f"GRANT SELECT, INSERT ON {every} TO {both}",
        f"GRANT USAGE, SELECT ON SEQUENCE {sequences} TO {both}",
        f"GRANT UPDATE ON SEQUENCE {sequences} TO {UNCONFINED}",  # a seed brings its ids
        _MAINTAIN,
        *(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY" for table in TABLES),
        *(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY" for table in TABLES),
        *(f"CREATE POLICY everything ON {table} TO {UNCONFINED} USING (true) WITH CHECK (true)" for table in TABLES),
        *(
            f"CREATE POLICY own_sites ON {table} TO {CONFINED} USING ({_OWN_SITE}) WITH CHECK ({_OWN_SITE})"
            for table in TABLES
        ),
    ]
