"""Who may touch the totals of open items on PostgreSQL, frozen with revision 0016: as those of months, revision 0014."""

CONFINED, UNCONFINED = "duewatch_app", "duewatch_all"

_OWN_SITE = "site_id = ANY (string_to_array(current_setting('duewatch.sites', true), ',')::bigint[])"
_MAINTAIN = """
DO $$ BEGIN
  IF current_setting('server_version_num')::int >= 170000 THEN
    EXECUTE 'GRANT MAINTAIN ON open_totals TO duewatch_all';
  END IF;
END $$"""


def create(_schema: str) -> list[str]:
    """The statements, in order."""
    both = f"{CONFINED}, {UNCONFINED}"
    return [
        f"GRANT SELECT, INSERT ON open_totals TO {both}",  # no policy shows a row to who sees only some sites
        f"GRANT DELETE ON open_totals TO {UNCONFINED}",
        f"GRANT USAGE, SELECT ON SEQUENCE open_totals_id_seq TO {both}",
        f"GRANT UPDATE ON SEQUENCE open_totals_id_seq TO {UNCONFINED}",
        _MAINTAIN,
        "ALTER TABLE open_totals ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE open_totals FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY everything ON open_totals TO {UNCONFINED} USING (true) WITH CHECK (true)",
        f"CREATE POLICY own_sites ON open_totals FOR INSERT TO {CONFINED} WITH CHECK ({_OWN_SITE})",
    ]
