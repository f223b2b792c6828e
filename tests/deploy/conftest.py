"""The files of deploy/, run for real on this machine."""

import subprocess
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from tests.postgres import PostgresServer, postgres_home
from tests.streaming import Streaming, streaming

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"


@dataclass(frozen=True)
class Logins:
    """The addresses of one database, by who logs in."""

    superuser: str
    owner: str
    web: str


def logins_on(server: PostgresServer) -> Logins:
    """A new database there, made by deploy/postgresql-roles.sql, run as its first lines say."""
    name = f"duewatch_{uuid.uuid4().hex[:12]}"
    here = server.url.set(drivername="postgresql")
    psql = [postgres_home() / "bin" / "psql", "--no-psqlrc", "--quiet"]
    for _ in range(2):  # a second run finds all of it done
        subprocess.run(
            [*psql, "--dbname", here.render_as_string(hide_password=False)]
            + ["--set", f"database={name}", "--file", DEPLOY / "postgresql-roles.sql"],
            check=True,
            capture_output=True,
        )
    users = (here.username, "duewatch_owner", "duewatch_web")
    made = here.set(database=name)
    return Logins(*(made.set(username=user).render_as_string(hide_password=False) for user in users))


@pytest.fixture(scope="module")
def new_logins(postgres: PostgresServer) -> Iterator[Callable[[], Logins]]:
    """new_logins(): such a database, gone afterwards."""
    made = []

    def make() -> Logins:
        made.append(logins_on(postgres))
        return made[-1]

    yield make
    server = postgres.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        for logins in made:
            connection.execute(f"DROP DATABASE {make_url(logins.owner).database} WITH (FORCE)")


@pytest.fixture(scope="session")
def pair() -> Iterator[Streaming]:
    """A primary and its replica; whoever holds or stops the replica lets it go again."""
    with streaming() as pair:
        yield pair
