"""Who may touch the totals of months on PostgreSQL, frozen with revision 0014.

Triggers write for whoever writes the ledger's rows, for their own sites. Only who sees every site reads them: sums over
sites would tell of others.
"""

CONFINED, UNCONFINED = "duewatch_app", "duewatch_all"
TABLES = ("month_totals", "month_payments")

_OWN_SITE = "site_id = ANY (string_to_array(current_setting('duewatch.sites', true), ',')::bigint[])"
_MAINTAIN = """
DO $$ BEGIN
  IF current_setting('server_version_num')::int >= 170000 THEN
    EXECUTE 'GRANT MAINTAIN ON month_totals, month_payments TO duewatch_all';
  END IF;
END $$"""


def create(_schema: str) -> list[str]:
    """The statements, in order."""
    every, both = ", ".join(TABLES), f"{CONFINED}, {UNCONFINED}"
    sequences = ", ".join(f"{table}_id_seq" for table in TABLES)
    return [
        f"GRANT SELECT, INSERT ON {every} TO {both}",  # no policy shows a row to who sees only some sites
        f"GRANT DELETE ON {every} TO {UNCONFINED}",
        f"GRANT USAGE, SELECT ON SEQUENCE {sequences} TO {both}",
        f"GRANT UPDATE ON SEQUENCE {sequences} TO {UNCONFINED}",
        _MAINTAIN,
        *(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY" for table in TABLES),
        *(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY" for table in TABLES),
        *(f"CREATE POLICY everything ON {table} TO {UNCONFINED} USING (true) WITH CHECK (true)" for table in TABLES),
        *(f"CREATE POLICY own_sites ON {table} FOR INSERT TO {CONFINED} WITH CHECK ({_OWN_SITE})" for table in TABLES),
    ]
