"""Who may see what is kept of risks on past days and of alerts on PostgreSQL, frozen with revision 0027: each their own sites'.

Which days these are, everybody. What was found by what not everybody sees who sees the site, only who sees everything.
"""

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

_NAMES = (
    ("own_sites", "past_risks"),
    ("own_sites", "alert_findings"),
    ("own_sites", "alert_judged"),
    ("own_sites_read", "alert_marks"),
)


def _policies(own: str) -> list[str]:
    """With the condition `own`. Of what the rules found, what is the same for who sees the site alone."""
    conditions = (own, f"{own} AND NOT apart", own, own)
    return [
        f"CREATE POLICY {name} ON {table} FOR SELECT TO {CONFINED} USING ({condition})"
        for (name, table), condition in zip(_NAMES, conditions, strict=True)
    ]


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
        f"GRANT UPDATE ON alert_findings TO {UNCONFINED}",
        *_policies(_ONCE),
    ]


def drop() -> list[str]:
    """What does not go with the tables."""
    return [
        f"REVOKE UPDATE ON alert_findings FROM {UNCONFINED}",
        *(f"DROP POLICY {name} ON {table}" for name, table in _NAMES if table != "past_risks"),
    ]


def distributed() -> list[str]:
    """The same, looking at each row: Citus takes no subquery in a policy of a table that it distributes."""
    return [
        *(f"DROP POLICY {name} ON {table}" for name, table in _NAMES),
        *_policies(_EACH),
    ]
