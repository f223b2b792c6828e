"""Who may touch the totals of sites on PostgreSQL, frozen with revision 0022: who sees every site, as those of months."""

UNCONFINED = "duewatch_all"

_MAINTAIN = """
DO $$ BEGIN
  IF current_setting('server_version_num')::int >= 170000 THEN
    EXECUTE 'GRANT MAINTAIN ON site_totals TO duewatch_all';
  END IF;
END $$"""


def create(_schema: str) -> list[str]:
    """The statements, in order."""
    return [
        f"GRANT SELECT, INSERT, DELETE ON site_totals TO {UNCONFINED}",
        "GRANT SELECT ON site_totals TO duewatch_app",  # no policy shows a row to who sees only some sites
        f"GRANT USAGE, SELECT, UPDATE ON SEQUENCE site_totals_id_seq TO {UNCONFINED}",
        _MAINTAIN,
        "ALTER TABLE site_totals ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE site_totals FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY everything ON site_totals TO {UNCONFINED} USING (true) WITH CHECK (true)",
    ]
