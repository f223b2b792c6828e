"""Who may touch the totals of accounts on PostgreSQL, frozen with revision 0018: who sees every site, as those of open items."""

UNCONFINED = "duewatch_all"

_MAINTAIN = """
DO $$ BEGIN
  IF current_setting('server_version_num')::int >= 170000 THEN
    EXECUTE 'GRANT MAINTAIN ON account_totals TO duewatch_all';
  END IF;
END $$"""


def create(_schema: str) -> list[str]:
    """The statements, in order."""
    return [
        f"GRANT SELECT, INSERT, DELETE ON account_totals TO {UNCONFINED}",
        "GRANT SELECT ON account_totals TO duewatch_app",  # no policy shows a row to who sees only some sites
        f"GRANT USAGE, SELECT, UPDATE ON SEQUENCE account_totals_id_seq TO {UNCONFINED}",
        _MAINTAIN,
        "ALTER TABLE account_totals ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE account_totals FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY everything ON account_totals TO {UNCONFINED} USING (true) WITH CHECK (true)",
    ]
