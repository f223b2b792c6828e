"""Who may touch saved mappings on PostgreSQL, frozen with revision 0011; as revision 0005 does it for bank statements.

A mapping may name a bank account, and belongs to no site: only who sees every site reads and saves it.
"""

CONFINED, UNCONFINED = "duewatch_app", "duewatch_all"
TABLE = "import_mappings"

_MAINTAIN = f"""
DO $$ BEGIN
  IF current_setting('server_version_num')::int >= 170000 THEN
    EXECUTE 'GRANT MAINTAIN ON {TABLE} TO {UNCONFINED}';
  END IF;
END $$"""


def create(_schema: str) -> list[str]:
    """The statements, in order."""
    return [
        f"GRANT SELECT ON {TABLE} TO {CONFINED}, {UNCONFINED}",
        f"GRANT INSERT, UPDATE ON {TABLE} TO {UNCONFINED}",
        f"GRANT USAGE, SELECT ON SEQUENCE {TABLE}_id_seq TO {UNCONFINED}",
        _MAINTAIN,
        f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY everything ON {TABLE} TO {UNCONFINED} USING (true) WITH CHECK (true)",
    ]
