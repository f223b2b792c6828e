"""Who may touch saved scenarios on PostgreSQL, frozen with revision 0012; as revision 0002 does it for imports.

A scenario belongs to a person and to no site, and may name sites that its reader may not see. So somebody who sees only some
sites has their own, and reads another's only by its link, which the transaction names in duewatch.scenarios.
"""

CONFINED, UNCONFINED = "duewatch_app", "duewatch_all"
TABLE = "scenarios"

_OWN = "owner = current_setting('duewatch.actor', true)"
_LINKED = "link = ANY (string_to_array(current_setting('duewatch.scenarios', true), ','))"
_MAINTAIN = f"""
DO $$ BEGIN
  IF current_setting('server_version_num')::int >= 170000 THEN
    EXECUTE 'GRANT MAINTAIN ON {TABLE} TO {UNCONFINED}';
  END IF;
END $$"""


def create(_schema: str) -> list[str]:
    """The statements, in order."""
    both = f"{CONFINED}, {UNCONFINED}"
    return [
        f"GRANT SELECT, INSERT, UPDATE ON {TABLE} TO {both}",
        f"GRANT USAGE, SELECT ON SEQUENCE {TABLE}_id_seq TO {both}",
        _MAINTAIN,
        f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY everything ON {TABLE} TO {UNCONFINED} USING (true) WITH CHECK (true)",
        f"CREATE POLICY own ON {TABLE} TO {CONFINED} USING ({_OWN}) WITH CHECK ({_OWN})",
        f"CREATE POLICY linked ON {TABLE} FOR SELECT TO {CONFINED} USING ({_LINKED})",
    ]
