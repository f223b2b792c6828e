"""Alembic's entry: runs on the connection that data_access.migrate hands over, inside its transaction."""

from alembic import context

from data_access.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
