"""Who may touch terms, notices and payment contacts on PostgreSQL, frozen with revision 0003; as revision 0002 does it.

Notices belong to sites. Terms and contacts are shared: everybody reads them, only who sees every site writes them, but
anybody may report a contact.
"""

CONFINED, UNCONFINED = "duewatch_app", "duewatch_all"
TABLES = ("vendor_policies", "notices", "payment_contacts")

_OWN_SITE = "site_id = ANY (string_to_array(current_setting('duewatch.sites', true), ',')::bigint[])"
_MAINTAIN = """
DO $$ BEGIN
  IF current_setting('server_version_num')::int >= 170000 THEN
    EXECUTE 'GRANT MAINTAIN ON vendor_policies, notices, payment_contacts TO duewatch_all';
  END IF;
END $$"""
_POLICIES = [
    f"CREATE POLICY own_sites ON notices TO {CONFINED} USING ({_OWN_SITE}) WITH CHECK ({_OWN_SITE})",
    f"CREATE POLICY shared ON vendor_policies FOR SELECT TO {CONFINED} USING (true)",
    f"CREATE POLICY shared ON payment_contacts FOR SELECT TO {CONFINED} USING (true)",
    f"CREATE POLICY reported ON payment_contacts FOR UPDATE TO {CONFINED} USING (true) WITH CHECK (state = 'reported')",
]


def create(_schema: str) -> list[str]:
    """The statements, in order."""
    both, every = f"{CONFINED}, {UNCONFINED}", ", ".join(TABLES)
    sequences = ", ".join(f"{table}_id_seq" for table in TABLES)
    return [
        f"GRANT SELECT ON {every} TO {both}",
        f"GRANT INSERT, UPDATE ON {every} TO {UNCONFINED}",
        f"GRANT INSERT, UPDATE ON notices TO {CONFINED}",
        f"GRANT UPDATE (state, ended_by, ended_at, ended_because) ON payment_contacts TO {CONFINED}",
        f"GRANT USAGE, SELECT ON SEQUENCE {sequences} TO {both}",
        f"GRANT UPDATE ON SEQUENCE {sequences} TO {UNCONFINED}",  # a seed brings its ids
        _MAINTAIN,
        *(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY" for table in TABLES),
        *(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY" for table in TABLES),
        *(f"CREATE POLICY everything ON {table} TO {UNCONFINED} USING (true) WITH CHECK (true)" for table in TABLES),
        *_POLICIES,
    ]
