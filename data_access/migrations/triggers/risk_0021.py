"""Which writes touch an account's risk that no move of open_totals tells of, frozen with revision 0021.

(table, what happens, its columns, the condition, what is marked: account_id, site_id, vendor_id of the row called NEW).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """One trigger. when: of an update, unless every one counts."""

    table: str
    name: str
    event: str
    values: str
    when: str = ""

    @property
    def trigger(self) -> str:
        """Its name."""
        return f"{self.table}_risk_{self.name}"

    @property
    def insert(self) -> str:
        """What it does."""
        return f"INSERT INTO risk_marks (account_id, site_id, vendor_id) VALUES ({self.values})"


_ACCOUNT = "NEW.account_id, NEW.site_id, NULL"
_OWN = "NEW.id, NEW.site_id, NULL"


def _changed(*columns: str) -> str:
    return " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)


_OF_ACCOUNTS = ("opened_on", "vendor_id", "service_type", "terms_days", "site_id")
_OF_SITES = ("country", "name", "headcount")

MARKS = (
    Mark("notices", "insert", "INSERT", _ACCOUNT),
    Mark("notices", "update", "UPDATE OF withdrawn_on", _ACCOUNT),
    Mark("disputes", "insert", "INSERT", _ACCOUNT),
    Mark("disputes", "update", "UPDATE", _ACCOUNT),
    Mark("dispute_events", "insert", "INSERT", _ACCOUNT),
    # A line may end at a site of its own: the account's is what its rows are kept by.
    Mark(
        "services", "insert", "INSERT", "NEW.account_id, (SELECT site_id FROM accounts WHERE id = NEW.account_id), NULL"
    ),
    Mark(
        "services", "update", "UPDATE", "NEW.account_id, (SELECT site_id FROM accounts WHERE id = NEW.account_id), NULL"
    ),
    Mark(
        "services", "delete", "DELETE", "OLD.account_id, (SELECT site_id FROM accounts WHERE id = OLD.account_id), NULL"
    ),
    Mark("payments", "posted", "UPDATE OF posted_on", _ACCOUNT, _changed("posted_on")),
    Mark("accounts", "update", f"UPDATE OF {', '.join(_OF_ACCOUNTS)}", _OWN, _changed(*_OF_ACCOUNTS)),
    Mark("sites", "update", f"UPDATE OF {', '.join(_OF_SITES)}", "NULL, NEW.id, NULL", _changed(*_OF_SITES)),
    Mark("vendor_policies", "insert", "INSERT", "NULL, NULL, NEW.vendor_id"),
    Mark("vendor_policies", "update", "UPDATE", "NULL, NULL, NEW.vendor_id"),
)

# Every account is to be judged: `fold` does so, a read does it meanwhile.
FILLED = "INSERT INTO risk_marks (account_id, site_id) SELECT id, site_id FROM accounts"
