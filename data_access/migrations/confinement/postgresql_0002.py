"""Who may touch which row on PostgreSQL, frozen with revision 0002.

duewatch_app sees the rows of the sites named in the setting duewatch.sites of the transaction, duewatch_all every row. Both
are roles to change into (SET LOCAL ROLE), neither owns a table, may truncate one, or bypasses row-level security. FORCE
holds the owner to the same: without one of these roles there are no rows. No policy has a subquery, so that tables can
be distributed.
"""

CONFINED, UNCONFINED = "duewatch_app", "duewatch_all"

# Where a table's rows say which site they belong to.
SITE_COLUMN = {
    "sites": "id",
    "accounts": "site_id",
    "services": "site_id",
    "invoices": "site_id",
    "charges": "site_id",
    "payments": "site_id",
    "allocations": "site_id",
    "disputes": "site_id",
    "calls": "site_id",
    "audit_log": "site_id",
}
OWN = ("import_batches", "import_rejects")  # mixed sites: whoever imported sees what they imported
CLOSED = ("users", "grants")  # nothing of them for somebody who sees only some sites
SHARED = ("vendors", "fx_rates")  # belong to no site

ENTERED = [
    "accounts",
    "services",
    "invoices",
    "charges",
    "payments",
    "allocations",
    "disputes",
    "calls",
    "audit_log",
    "import_batches",
    "import_rejects",
]
CHANGED = ["sites", "accounts", "services", "invoices", "payments", "disputes"]

_SITES = "string_to_array(current_setting('duewatch.sites', true), ',')::bigint[]"
_ACTOR = "actor <> '' AND actor = current_setting('duewatch.actor', true)"

_ROLE = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{role}') THEN
    CREATE ROLE {role} NOLOGIN NOBYPASSRLS;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$"""
# The owner must be able to change into the roles, but has no use for their rights without doing so.
_MEMBER = """
DO $$ BEGIN
  IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    RETURN;
  ELSIF current_setting('server_version_num')::int < 160000 THEN
    IF NOT pg_has_role(current_user, '{role}', 'MEMBER') THEN EXECUTE 'GRANT {role} TO ' || quote_ident(current_user); END IF;
  ELSIF NOT pg_has_role(current_user, '{role}', 'SET') THEN
    EXECUTE 'GRANT {role} TO ' || quote_ident(current_user) || ' WITH SET TRUE, INHERIT FALSE';
  END IF;
END $$"""
_MAINTAIN = """
DO $$ BEGIN
  IF current_setting('server_version_num')::int >= 170000 THEN
    EXECUTE 'GRANT MAINTAIN ON ALL TABLES IN SCHEMA ' || quote_ident(current_schema()) || ' TO duewatch_all';
  END IF;
END $$"""
# An event is numbered after the last one, wherever that happened; its number and hash say nothing about a site.
_TRAIL_HEAD = """
CREATE FUNCTION duewatch_trail_head(OUT seq bigint, OUT hash varchar)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {schema}, pg_temp SET duewatch.trail = 'head'
AS $$ SELECT seq, hash FROM audit_log ORDER BY audit_log.seq DESC LIMIT 1 $$"""


def _policies() -> list[str]:
    statements = []
    tables = (*SITE_COLUMN, *OWN, *CLOSED, *SHARED)
    for table in tables:
        statements += [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY everything ON {table} TO {UNCONFINED} USING (true) WITH CHECK (true)",
        ]
    for table, column in SITE_COLUMN.items():
        check = f"{column} = ANY ({_SITES})"
        if table == "audit_log":  # what concerns no one site is told, but read only by those who see everything
            statements += [
                f"CREATE POLICY own_sites ON {table} FOR SELECT TO {CONFINED} USING ({check})",
                f"CREATE POLICY told ON {table} FOR INSERT TO {CONFINED} WITH CHECK (site_id IS NULL OR {check})",
            ]
        else:
            statements.append(f"CREATE POLICY own_sites ON {table} TO {CONFINED} USING ({check}) WITH CHECK ({check})")
    statements += [
        f"CREATE POLICY own_imports ON {table} TO {CONFINED} USING ({_ACTOR}) WITH CHECK ({_ACTOR})" for table in OWN
    ]
    statements += [f"CREATE POLICY shared ON {table} FOR SELECT TO {CONFINED} USING (true)" for table in SHARED]
    # Only inside duewatch_trail_head, which runs as the owner; a session that is the application's is never the owner.
    statements.append(
        f"CREATE POLICY trail_head ON audit_log FOR SELECT USING (current_user <> '{CONFINED}' "
        "AND current_setting('duewatch.trail', true) = 'head')"
    )
    return statements


def create(schema: str) -> list[str]:
    """The statements, in order, for the tables in `schema` (a quoted name)."""
    both = f"{CONFINED}, {UNCONFINED}"
    every = ", ".join((*SITE_COLUMN, *OWN, *CLOSED, *SHARED))
    return [
        *(_ROLE.format(role=role) for role in (CONFINED, UNCONFINED)),
        *(_MEMBER.format(role=role) for role in (CONFINED, UNCONFINED)),
        f"GRANT USAGE ON SCHEMA {schema} TO {both}",
        "GRANT SELECT ON alembic_version TO PUBLIC",
        f"GRANT SELECT ON {every} TO {both}",
        f"GRANT INSERT ON {', '.join(ENTERED)} TO {CONFINED}",
        f"GRANT UPDATE ON {', '.join(CHANGED)} TO {CONFINED}",
        f"GRANT INSERT ON {every} TO {UNCONFINED}",
        f"GRANT UPDATE ON {', '.join((*CHANGED, *SHARED, 'users'))} TO {UNCONFINED}",
        f"GRANT DELETE ON grants TO {UNCONFINED}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {both}",
        f"GRANT UPDATE ON ALL SEQUENCES IN SCHEMA {schema} TO {UNCONFINED}",  # a seed brings its ids
        _MAINTAIN,
        *_policies(),
        _TRAIL_HEAD.format(schema=schema),
        "REVOKE EXECUTE ON FUNCTION duewatch_trail_head() FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION duewatch_trail_head() TO {both}",
    ]


def drop(schema: str) -> list[str]:
    """The way back. The roles stay: other databases of the server may use them."""
    both = f"{CONFINED}, {UNCONFINED}"
    statements = ["DROP FUNCTION duewatch_trail_head()", "DROP POLICY trail_head ON audit_log"]
    for table in (*SITE_COLUMN, *OWN, *CLOSED, *SHARED):
        names = ["everything"]
        if table in SITE_COLUMN:
            names.append("own_sites")
        if table == "audit_log":
            names.append("told")
        if table in OWN:
            names.append("own_imports")
        if table in SHARED:
            names.append("shared")
        statements += [f"DROP POLICY {name} ON {table}" for name in names]
        statements += [
            f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        ]
    return [
        *statements,
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {both}",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM {both}",
        f"REVOKE ALL ON SCHEMA {schema} FROM {both}",
        "REVOKE SELECT ON alembic_version FROM PUBLIC",
    ]
