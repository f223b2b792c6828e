"""Who may touch what is kept of alerts on past days on PostgreSQL, frozen with revision 0032: who sees every site."""

CONFINED, UNCONFINED = "duewatch_app", "duewatch_all"

_MAINTAIN = """
DO $$ BEGIN
  IF current_setting('server_version_num')::int >= 170000 THEN
    EXECUTE 'GRANT MAINTAIN ON past_findings TO duewatch_all';
  END IF;
END $$"""


def create(_schema: str) -> list[str]:
    """The statements, in order."""
    both = ("past_alert_days", "past_findings")
    return [
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON past_alert_days TO {UNCONFINED}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON past_findings TO {UNCONFINED}",
        f"GRANT SELECT ON past_alert_days, past_findings TO {CONFINED}",  # no policy shows a row to who sees only some sites
        *(f"GRANT USAGE, SELECT, UPDATE ON SEQUENCE {table}_id_seq TO {UNCONFINED}" for table in both),
        _MAINTAIN,
        *(f"ALTER TABLE {table} {how} ROW LEVEL SECURITY" for table in both for how in ("ENABLE", "FORCE")),
        *(f"CREATE POLICY everything ON {table} TO {UNCONFINED} USING (true) WITH CHECK (true)" for table in both),
    ]
