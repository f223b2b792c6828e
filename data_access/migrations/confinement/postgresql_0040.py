"""Who may touch the calls by day on PostgreSQL, frozen with revision 0040.

As the totals of months: triggers write for whoever writes calls of their own sites, and only who sees every site reads.
"""

CONFINED, UNCONFINED = "duewatch_app", "duewatch_all"

_OWN_SITE = "site_id = ANY (string_to_array(current_setting('duewatch.sites', true), ',')::bigint[])"
_MAINTAIN = """
DO $$ BEGIN
  IF current_setting('server_version_num')::int >= 170000 THEN
    EXECUTE 'GRANT MAINTAIN ON call_days TO duewatch_all';
  END IF;
END $$"""


def create(_schema: str) -> list[str]:
    """The statements, in order."""
    both = f"{CONFINED}, {UNCONFINED}"
    return [
        f"GRANT SELECT, INSERT ON call_days TO {both}",  # no policy shows a row to who sees only some sites
        f"GRANT DELETE ON call_days TO {UNCONFINED}",
        f"GRANT USAGE, SELECT ON SEQUENCE call_days_id_seq TO {both}",
        f"GRANT UPDATE ON SEQUENCE call_days_id_seq TO {UNCONFINED}",
        _MAINTAIN,
        "ALTER TABLE call_days ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE call_days FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY everything ON call_days TO {UNCONFINED} USING (true) WITH CHECK (true)",
        f"CREATE POLICY own_sites ON call_days FOR INSERT TO {CONFINED} WITH CHECK ({_OWN_SITE})",
    ]
