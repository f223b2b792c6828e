"""Who may see the risks that are kept of past days on PostgreSQL, frozen with revision 0027: each their own sites'; which days, everybody."""

CONFINED, UNCONFINED = "duewatch_app", "duewatch_all"

_SITES = "string_to_array(current_setting('duewatch.sites', true), ',')::bigint[]"
_EACH = f"site_id = ANY ({_SITES})"
_ONCE = f"site_id IN (SELECT unnest({_SITES}) AS unnest)"  # answered once for a statement
_MAINTAIN = """
DO $$ BEGIN
  IF current_setting('server_version_num')::int >= 170000 THEN
    EXECUTE 'GRANT MAINTAIN ON past_risks TO duewatch_all';
  END IF;
END $$"""


def create(_schema: str) -> list[str]:
    """The statements, in order."""
    both = ("past_days", "past_risks")
    return [
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON past_days TO {UNCONFINED}",
        f"GRANT SELECT, INSERT, DELETE ON past_risks TO {UNCONFINED}",
        f"GRANT SELECT ON past_days, past_risks TO {CONFINED}",
        *(f"GRANT USAGE, SELECT, UPDATE ON SEQUENCE {table}_id_seq TO {UNCONFINED}" for table in both),
        _MAINTAIN,
        *(f"ALTER TABLE {table} {how} ROW LEVEL SECURITY" for table in both for how in ("ENABLE", "FORCE")),
        *(f"CREATE POLICY everything ON {table} TO {UNCONFINED} USING (true) WITH CHECK (true)" for table in both),
        f"CREATE POLICY every_day ON past_days FOR SELECT TO {CONFINED} USING (true)",
        f"CREATE POLICY own_sites ON past_risks FOR SELECT TO {CONFINED} USING ({_ONCE})",
    ]


def distributed() -> list[str]:
    """The same, looking at each row: Citus takes no subquery in a policy of a table that it distributes."""
    return [
        "DROP POLICY own_sites ON past_risks",
        f"CREATE POLICY own_sites ON past_risks FOR SELECT TO {CONFINED} USING ({_EACH})",
    ]
