"""Who may see the totals of accounts on PostgreSQL, frozen with revision 0024: who sees their site.

Of what came in since they were added up, revision 0021 shows the rows of one's own sites.
"""

CONFINED = "duewatch_app"

_OWN_SITE = "site_id = ANY (string_to_array(current_setting('duewatch.sites', true), ',')::bigint[])"


def create(_schema: str) -> list[str]:
    """The statements, in order."""
    return [f"CREATE POLICY own_sites ON account_totals FOR SELECT TO {CONFINED} USING ({_OWN_SITE})"]


DROP = ["DROP POLICY own_sites ON account_totals"]
