"""Telling the trail that its head was sent off the machine, or was not."""

from data_access.database import Database, Writing
from data_access.free_text import without_any
from data_access.schema import audit_log
from data_access.scope import Scope
from domain.audit import Head


def tell_sending(database: Database, actor: str, head: Head, host: str, failed: str) -> None:
    """One event; of the address only the host, since the rest may be a secret. `failed`: why not, '' where it was sent."""
    after = {"number": head.seq, "hash": head.hash, "host": host, "failed": failed}

    def work(writing: Writing) -> None:
        writing.record("send", audit_log.name, head.seq, after=without_any({k: v for k, v in after.items() if v}))

    database.writing(actor, Scope.all_sites(), work)
