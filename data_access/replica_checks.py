"""Does the replica follow, how far behind is it, and does its login see no more than it must?"""

import math
from collections.abc import Iterator

from data_access.confinement_checks import examine_login
from data_access.database import Database
from data_access.failures import DATABASE_FAILURES, reason_of
from data_access.finding import Finding
from data_access.replica import Replica


def examine_replica(database: Database) -> Iterator[Finding]:
    """Every look, in a fixed order; none where there is no replica."""
    replica = database.replica
    if replica is None:
        return
    try:
        yield _lag(database, replica)
        with replica.reader.connect() as connection:
            for found in examine_login(connection):
                yield Finding(f"replica {found.about}", found.found, found.ok, found.advice)
    except DATABASE_FAILURES as error:
        advice = "start it, or take DATABASE_READ_URL away; meanwhile every read goes to the primary"
        yield Finding("replica", f"no answer: {reason_of(error)}", False, advice)


def _lag(database: Database, replica: Replica) -> Finding:
    standing = replica.standing(database.reader, "")
    if standing is None:
        advice = "name a streaming replica in DATABASE_READ_URL; meanwhile every read goes to the primary"
        return Finding("replica", "it follows no primary", False, advice)
    if standing.lag_s is None:
        found, near = "it has replayed nothing yet", False
    else:
        found = f"up to {math.ceil(standing.lag_s)} s behind" if standing.lag_s else "nothing missing"
        near = standing.lag_s <= replica.most_lag_s
    advice = f"further behind than DATABASE_READ_LAG_S, {replica.most_lag_s} s: every read goes to the primary until it has caught up"
    return Finding("replica", found, near, advice)
