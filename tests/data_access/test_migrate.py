"""Migrations run up and down, and make what the metadata says."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from data_access.database import Database
from data_access.migrate import current_revision, downgrade, head_revision, upgrade
from data_access.schema import metadata


def test_the_migrations_make_what_the_metadata_says(database):
    with database.writer.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_up_down_and_up_again(address):
    database = Database(address)
    upgrade(database)
    upgrade(database)
    assert current_revision(database) == head_revision()
    downgrade(database)
    assert set(inspect(database.writer).get_table_names()) <= {"alembic_version"}
    upgrade(database)
    assert current_revision(database) == head_revision()
    database.close()
