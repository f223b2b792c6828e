"""Who may touch calendar links on PostgreSQL, frozen with revision 0006; as revision 0002 does it for users and grants.

They concern no site: nothing of them for somebody who sees only some sites.
"""

CONFINED, UNCONFINED = "duewatch_app", "duewatch_all"
TABLE = "calendar_tokens"

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
