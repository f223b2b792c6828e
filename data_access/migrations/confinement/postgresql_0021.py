"""Who may see what is kept of risks on PostgreSQL, frozen with revision 0021: each their own sites'; terms and marks of vendors are shared.

Who sees some sites sees the moves of open items of these too, which tell what is to be judged again; the sums they do not see.
"""

CONFINED, UNCONFINED = "duewatch_app", "duewatch_all"

_OWN_SITE = "site_id = ANY (string_to_array(current_setting('duewatch.sites', true), ',')::bigint[])"
_MAINTAIN = """
DO $$ BEGIN
  IF current_setting('server_version_num')::int >= 170000 THEN
    EXECUTE 'GRANT MAINTAIN ON account_risks, risk_marks TO duewatch_all';
  END IF;
END $$"""


def create(_schema: str) -> list[str]:
    """The statements, in order."""
    both = f"{CONFINED}, {UNCONFINED}"
    return [
        f"GRANT SELECT, INSERT, DELETE ON account_risks, risk_marks TO {UNCONFINED}",
        f"GRANT SELECT ON account_risks TO {CONFINED}",
        f"GRANT SELECT, INSERT ON risk_marks TO {CONFINED}",
        f"GRANT USAGE, SELECT ON SEQUENCE account_risks_id_seq TO {UNCONFINED}",
        f"GRANT USAGE, SELECT ON SEQUENCE risk_marks_id_seq TO {both}",
        f"GRANT UPDATE ON SEQUENCE account_risks_id_seq, risk_marks_id_seq TO {UNCONFINED}",
        _MAINTAIN,
        *(
            f"ALTER TABLE {table} {how} ROW LEVEL SECURITY"
            for table in ("account_risks", "risk_marks")
            for how in ("ENABLE", "FORCE")
        ),
        f"CREATE POLICY everything ON account_risks TO {UNCONFINED} USING (true) WITH CHECK (true)",
        f"CREATE POLICY own_sites ON account_risks FOR SELECT TO {CONFINED} USING ({_OWN_SITE})",
        f"CREATE POLICY everything ON risk_marks TO {UNCONFINED} USING (true) WITH CHECK (true)",
        f"CREATE POLICY own_sites ON risk_marks FOR SELECT TO {CONFINED} USING (site_id IS NULL OR {_OWN_SITE})",
        f"CREATE POLICY own_sites_written ON risk_marks FOR INSERT TO {CONFINED} WITH CHECK ({_OWN_SITE})",
        f"CREATE POLICY own_moves ON open_totals FOR SELECT TO {CONFINED} USING (account_id IS NOT NULL AND {_OWN_SITE})",
    ]


def drop() -> list[str]:
    """What does not go with the tables."""
    return ["DROP POLICY own_moves ON open_totals"]
