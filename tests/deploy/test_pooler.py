"""PgBouncer, pooling by transaction: each transaction has its own scope, on whichever connection it gets."""

import os
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ProgrammingError

from data_access.database import Database
from data_access.engines import DatabaseAddressError
from data_access.schema import sites
from data_access.scope import Scope
from tests import factories as make
from tests.postgres import free_port
from tests.streaming import until

SETTINGS = """
[databases]
* = host={host} port={port}
alone = host={host} port={port} dbname={name} pool_size=1
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {own}
auth_type = any
unix_socket_dir =
pool_mode = transaction
default_pool_size = 2
ignore_startup_parameters = extra_float_digits
"""


@pytest.fixture(scope="module")
def pooled(postgres_ledgers):
    """(the address of a ledger with two sites behind a pooler, their ids)."""
    with postgres_ledgers.lent() as address, tempfile.TemporaryDirectory(prefix="duewatch-pooler-") as folder:
        with closing(Database(address)) as database:
            ids = make.site(database, "A"), make.site(database, "B")
        url, own = make_url(address), free_port()
        file = Path(folder) / "pgbouncer.ini"
        user = url.username
        settings = SETTINGS.format(host=url.host, port=f"{url.port} user={user}", name=url.database, own=own)
        file.write_text(settings)
        Path(folder).chmod(0o755)
        program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
        assert program, "pgbouncer is missing: sh tests/deploy/install.sh"
        runs_as = "nobody" if os.geteuid() == 0 else None
        with subprocess.Popen([program, "-q", file], user=runs_as, stderr=subprocess.DEVNULL) as process:
            through = url.set(port=own).render_as_string(hide_password=False)
            try:
                until(lambda: answers(through))
                yield through, ids
            finally:
                process.terminate()


def answers(address):
    try:
        psycopg.connect(address).close()
    except psycopg.OperationalError:
        return False
    return True


def read(database, site_id, times=40):
    found = set()
    for _ in range(times):
        with database.reading(Scope.of([site_id])) as connection:
            found |= set(connection.scalars(select(sites.c.code)))
    return found


def both(address, ids):
    with closing(Database(address)) as database, ThreadPoolExecutor(4) as threads:
        return [*threads.map(lambda site_id: read(database, site_id), ids * 2)]


@pytest.mark.slow
def test_no_scope_goes_from_one_transaction_to_the_next(pooled, monkeypatch):
    address, ids = pooled
    monkeypatch.setenv("DATABASE_POOLER", "transaction")
    assert both(address, ids) == [{"A"}, {"B"}] * 2


@pytest.mark.slow
def test_a_pooler_must_be_told_of(pooled, monkeypatch):
    """Else a process prepares statements on a connection on which another, which was handed it before, has prepared its own."""
    address, ids = pooled
    one_for_all = make_url(address).set(database="alone").render_as_string(hide_password=False)
    for told in ("transaction", None):
        if told:
            monkeypatch.setenv("DATABASE_POOLER", told)
        else:
            monkeypatch.delenv("DATABASE_POOLER")
        with closing(Database(one_for_all)) as one, closing(Database(one_for_all)) as other:
            assert read(one, ids[0]) == {"A"}
            if told:
                assert read(other, ids[1]) == {"B"}
            else:
                with pytest.raises(ProgrammingError, match="prepared statement"):
                    read(other, ids[1])


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("DATABASE_POOL", "0", "from 1 to 100"),
        ("DATABASE_POOL", "many", "from 1 to 100"),
        ("DATABASE_POOLER", "yes", "write transaction or session"),
        ("DATABASE_READ_LAG_S", "soon", "whole seconds"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(monkeypatch, name, value, words):
    monkeypatch.setenv(name, value)
    with pytest.raises(DatabaseAddressError, match=words):
        Database("postgresql://localhost/x", read_address="postgresql://localhost/y")


def test_a_process_keeps_as_many_connections_as_it_is_told(monkeypatch):
    monkeypatch.setenv("DATABASE_POOL", "7")
    with closing(Database("postgresql://localhost/x")) as database:
        assert database.writer.pool.size() == 7
