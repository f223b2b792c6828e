"""Who may touch what the alert rules found on PostgreSQL, frozen with revision 0023: who sees every site; anybody's change leaves a mark."""

CONFINED, UNCONFINED = "duewatch_app", "duewatch_all"

_OWN_SITE = "site_id = ANY (string_to_array(current_setting('duewatch.sites', true), ',')::bigint[])"
_TABLES = ("alert_findings", "alert_judged", "alert_marks")
_NUMBERED = ("alert_findings", "alert_marks")
_MAINTAIN = """
DO $$ BEGIN
  IF current_setting('server_version_num')::int >= 170000 THEN
    EXECUTE 'GRANT MAINTAIN ON alert_findings, alert_judged, alert_marks TO duewatch_all';
  END IF;
END $$"""


def create(_schema: str) -> list[str]:
    """The statements, in order."""
    return [
        f"GRANT SELECT, INSERT, DELETE ON {', '.join(_TABLES)} TO {UNCONFINED}",
        f"GRANT UPDATE ON alert_judged TO {UNCONFINED}",
        f"GRANT SELECT ON {', '.join(_TABLES)} TO {CONFINED}",  # no policy shows a row to who sees only some sites
        f"GRANT INSERT ON alert_marks TO {CONFINED}",
        *(f"GRANT USAGE, SELECT, UPDATE ON SEQUENCE {table}_id_seq TO {UNCONFINED}" for table in _NUMBERED),
        f"GRANT USAGE, SELECT ON SEQUENCE alert_marks_id_seq TO {CONFINED}",
        _MAINTAIN,
        *(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY" for table in _TABLES),
        *(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY" for table in _TABLES),
        *(f"CREATE POLICY everything ON {table} TO {UNCONFINED} USING (true) WITH CHECK (true)" for table in _TABLES),
        f"CREATE POLICY own_sites ON alert_marks FOR INSERT TO {CONFINED} WITH CHECK ({_OWN_SITE})",
    ]
