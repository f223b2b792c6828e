"""Who may touch alerts on PostgreSQL, frozen with revision 0004; as revision 0002 does it.

An alert belongs to a site, and so does its history. One without a site is read by everybody and written by who sees every
site. What was sent where is for those alone.
"""

CONFINED, UNCONFINED = "duewatch_app", "duewatch_all"
TABLES = ("alerts", "alert_events", "alert_deliveries")
OF_SITES = ("alerts", "alert_events")

_OWN_SITE = "site_id = ANY (string_to_array(current_setting('duewatch.sites', true), ',')::bigint[])"
_MAINTAIN = """
DO $$ BEGIN
  IF current_setting('server_version_num')::int >= 170000 THEN
    EXECUTE 'GRANT MAINTAIN ON alerts, alert_events, alert_deliveries TO duewatch_all';
  END IF;
END $$"""
_PEOPLES = "owner, acknowledged_by, acknowledged_at, snoozed_until, snoozed_amount, snoozed_act_by"


def create(_schema: str) -> list[str]:
    """The statements, in order."""
    both = f"{CONFINED}, {UNCONFINED}"
    sequences = ", ".join(f"{table}_id_seq" for table in TABLES)
    return [
        f"GRANT SELECT ON {', '.join(TABLES)} TO {both}",  # without a policy there is no row to read
        f"GRANT INSERT ON {', '.join(OF_SITES)} TO {both}",
        f"GRANT UPDATE ({_PEOPLES}) ON alerts TO {CONFINED}",
        f"GRANT UPDATE ON alerts TO {UNCONFINED}",
        f"GRANT INSERT, UPDATE ON alert_deliveries TO {UNCONFINED}",
        f"GRANT USAGE, SELECT ON SEQUENCE alerts_id_seq, alert_events_id_seq TO {CONFINED}",
        f"GRANT USAGE, SELECT, UPDATE ON SEQUENCE {sequences} TO {UNCONFINED}",
        _MAINTAIN,
        *(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY" for table in TABLES),
        *(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY" for table in TABLES),
        *(f"CREATE POLICY everything ON {table} TO {UNCONFINED} USING (true) WITH CHECK (true)" for table in TABLES),
        *(
            f"CREATE POLICY own_sites ON {table} TO {CONFINED} USING ({_OWN_SITE}) WITH CHECK ({_OWN_SITE})"
            for table in OF_SITES
        ),
        *(
            f"CREATE POLICY of_no_site ON {table} FOR SELECT TO {CONFINED} USING (site_id IS NULL)"
            for table in OF_SITES
        ),
    ]
