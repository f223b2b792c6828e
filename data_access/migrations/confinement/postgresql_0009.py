"""Who may touch usage on PostgreSQL, frozen with revision 0009; as revision 0002 does it: each sees their own sites."""

CONFINED, UNCONFINED = "duewatch_app", "duewatch_all"

_OWN_SITE = "site_id = ANY (string_to_array(current_setting('duewatch.sites', true), ',')::bigint[])"
_MAINTAIN = """
DO $$ BEGIN
  IF current_setting('server_version_num')::int >= 170000 THEN
    EXECUTE 'GRANT MAINTAIN ON usage TO duewatch_all';
  END IF;
END $$"""


def create(_schema: str) -> list[str]:
    """The statements, in order."""
    both = f"{CONFINED}, {UNCONFINED}"
    return [
        f"GRANT SELECT, INSERT ON usage TO {both}",
        f"GRANT UPDATE ON usage TO {UNCONFINED}",  # its site follows the account
        f"GRANT USAGE, SELECT ON SEQUENCE usage_id_seq TO {both}",
        f"GRANT UPDATE ON SEQUENCE usage_id_seq TO {UNCONFINED}",  # a seed brings its ids
        _MAINTAIN,
        "ALTER TABLE usage ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE usage FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY everything ON usage TO {UNCONFINED} USING (true) WITH CHECK (true)",
        f"CREATE POLICY own_sites ON usage TO {CONFINED} USING ({_OWN_SITE}) WITH CHECK ({_OWN_SITE})",
    ]
