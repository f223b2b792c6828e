"""Who may see the totals of accounts on PostgreSQL, and how a row's site is looked up; frozen with revision 0024.

The list of sites was taken apart anew for each row, which cost more than the row where the list is long: a subquery that looks
at no row is answered once. Totals of accounts are shown to who sees their site; the moves that came in since are shown already.
"""

CONFINED = "duewatch_app"

_SITES = "string_to_array(current_setting('duewatch.sites', true), ',')::bigint[]"
_EACH = f"site_id = ANY ({_SITES})"
_ONCE = f"site_id IN (SELECT unnest({_SITES}) AS unnest)"
_ROWS = (
    *(
        "accounts",
        "alert_events",
        "alerts",
        "allocations",
        "calls",
        "charges",
        "dispute_events",
        "disputes",
        "invoices",
    ),
    *("notices", "payments", "services", "usage", "vendor_statement_lines", "vendor_statements"),
)
_READ = ("audit_log", "matches", "account_risks")


def _policies(own: str) -> list[str]:
    """Those of earlier revisions, with the condition `own`."""
    of_sites = own.replace("site_id", "id", 1)
    return [
        *(f"CREATE POLICY own_sites ON {t} TO {CONFINED} USING ({own}) WITH CHECK ({own})" for t in _ROWS),
        *(f"CREATE POLICY own_sites ON {t} FOR SELECT TO {CONFINED} USING ({own})" for t in _READ),
        f"CREATE POLICY own_sites ON sites TO {CONFINED} USING ({of_sites}) WITH CHECK ({of_sites})",
    ]


_TAKEN = [f"DROP POLICY own_sites ON {table}" for table in (*_ROWS, *_READ, "sites")]
_MOVES_TAKEN = "DROP POLICY own_moves ON open_totals"


def _moves(own: str) -> str:
    return f"CREATE POLICY own_moves ON open_totals FOR SELECT TO {CONFINED} USING (account_id IS NOT NULL AND {own})"


def create(_schema: str) -> list[str]:
    """The statements, in order."""
    return [
        *_TAKEN,
        *_policies(_ONCE),
        f"CREATE POLICY own_sites ON account_totals FOR SELECT TO {CONFINED} USING ({_ONCE})",
        _MOVES_TAKEN,
        _moves(_ONCE),
    ]


def distributed() -> list[str]:
    """The same, looking at each row: Citus takes no subquery in a policy of a table that it distributes."""
    return [
        *_TAKEN,
        *_policies(_EACH),
        "DROP POLICY own_sites ON account_totals",
        f"CREATE POLICY own_sites ON account_totals FOR SELECT TO {CONFINED} USING ({_EACH})",
        _MOVES_TAKEN,
        _moves(_EACH),
    ]


DROP = [
    _MOVES_TAKEN,
    _moves(_EACH),
    "DROP POLICY own_sites ON account_totals",
    *_TAKEN,
    *_policies(_EACH),
]
