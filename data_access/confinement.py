"""The database's own half of the scope: on PostgreSQL a transaction may see and touch nothing else.

Row-level security lets the role duewatch_app see the rows of the sites in the setting duewatch.sites, and without the
setting none; duewatch_all sees every site. Role and settings are LOCAL: they end with the transaction, so that no pooled
connection carries them to the next one. An SQLite file has no roles: there the queries' own conditions are the only line.
"""

from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy import Connection

from data_access.scope import Scope, require

CONFINED, UNCONFINED = "duewatch_app", "duewatch_all"

# What a page reads is found by index: a further process takes longer to start, and a plan longer to compile, than it.
_ALONE = ("SET LOCAL max_parallel_workers_per_gather = 0", "SET LOCAL jit = off")
_READS = ("SET LOCAL plan_cache_mode = force_custom_plan", "SET LOCAL random_page_cost = 2")


def confine(connection: Connection, scope: Scope, actor: str = "", *, reads: bool = False) -> None:
    """Hold the transaction of `connection` within `scope`, from its first statement on; raises without a Scope.

    `reads`: it only reads. Then each statement is planned for its own values: a plan for any day, which PostgreSQL turns to once a
    statement came ten times, looks for what follows the last day by walking through all rows. And pages are taken for at hand: what is
    asked again and again is in memory, where the server's own setting supposes a disk with a head and walks through a table instead.
    """
    require(scope)
    if connection.dialect.name != "postgresql":
        return
    statements = [f"SET LOCAL ROLE {UNCONFINED if scope.everything else CONFINED}", *_ALONE]
    if not scope.everything:
        sites = ",".join(str(int(site_id)) for site_id in sorted(scope.site_ids))
        quoted = actor.replace("'", "''")
        statements += [f"SET LOCAL duewatch.sites = '{sites}'", f"SET LOCAL duewatch.actor = '{quoted}'"]
    if reads:
        statements += _READS
    _run(connection, "; ".join(statements))  # one way there and back


@contextmanager
def looking_everywhere(connection: Connection, scope: Scope) -> Generator[None]:
    """Lift the confinement for a lookup whose answer must not depend on who asks: is this number taken?

    What it finds outside the scope may be refused or counted, never shown.
    """
    lifted = connection.dialect.name == "postgresql" and not require(scope).everything
    if lifted:
        _run(connection, f"SET LOCAL ROLE {UNCONFINED}")
    yield
    if lifted:  # after an error the transaction is over, and the role with it
        _run(connection, f"SET LOCAL ROLE {CONFINED}")


def _run(connection: Connection, statement: str) -> None:
    cursor = connection.connection.cursor()
    cursor.execute(statement)  # literals: SET takes no parameters
    cursor.close()
