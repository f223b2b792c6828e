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

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"


@dataclass(frozen=True)
class Logins:
    """The addresses of one database, by who logs in."""

    superuser: str
    owner: str
    web: str


@pytest.fixture(scope="module")
def new_logins(postgres: PostgresServer) -> Iterator[Callable[[], Logins]]:
    """new_logins(): a database made by deploy/postgresql-roles.sql, run as its first lines say; gone afterwards."""
    server = postgres.url.set(drivername="postgresql").render_as_string(hide_password=False)
    made = []

    def make() -> Logins:
        name = f"duewatch_{uuid.uuid4().hex[:12]}"
        psql = [postgres_home() / "bin" / "psql", "--no-psqlrc", "--quiet", "--dbname", server]
        for _ in range(2):  # a second run finds all of it done
            subprocess.run(
                [*psql, "--set", f"database={name}", "--file", DEPLOY / "postgresql-roles.sql"],
                check=True,
                capture_output=True,
            )
        made.append(name)
        here = make_url(server).set(database=name)
        users = (here.username, "duewatch_owner", "duewatch_web")
        return Logins(*(here.set(username=user).render_as_string(hide_password=False) for user in users))

    yield make
    with psycopg.connect(server, autocommit=True) as connection:
        for name in made:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
