"""The rules of terms, notices and payment contacts as SQLite triggers, frozen with revision 0003."""

_KEPT = ("vendor_policies", "notices", "payment_contacts")

_UNIQUE_KEYS = {
    "vendor_policies": ("id", "vendor_id service_type currency effective_from"),
    "notices": ("id", "account_id source import_key"),
    "payment_contacts": ("id", "vendor_id kind address"),
}

# Columns that nothing may change. site_id follows the account when it moves house.
_FROZEN = {
    "vendor_policies": "id vendor_id service_type currency effective_from source fee_base fee_basis_points fee_flat "
    "fee_minimum fee_cap fee_grace_days fee_counted_from notice_days counted_from suspends_earliest suspends_likely "
    "suspends_latest young_months young_earliest young_likely young_latest disconnection_days restoral_fee "
    "restoral_in_full restoral_months posting_days calendar acts_on_working_days due_rolls_forward",
    "notices": "id account_id invoice_id kind dated acts_on amount reference channel note batch_id source external_id "
    "import_key",
    "payment_contacts": "id vendor_id kind address replaces_id found_in proposed_by proposed_at",
}

_WHY = {
    "vendor_policies": "terms are not edited: new ones begin on their day",
    "notices": "a notice is not edited: withdraw it and record it anew",
    "payment_contacts": "a number is not edited: a change is a new contact that names the one it replaces",
}

_DATES = {"vendor_policies": ("effective_from", "effective_until"), "notices": ("dated", "acts_on", "withdrawn_on")}


def _refuse(reason: str, condition: str) -> str:
    return f"SELECT RAISE(ABORT, '{reason}') WHERE {condition};"


def _trigger(name: str, when: str, body: str) -> str:
    return f"CREATE TRIGGER {name} {when} BEGIN {body} END"


def _kept(table: str) -> list[str]:
    changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in _FROZEN[table].split())
    columns = ", ".join(_FROZEN[table].split())
    taken = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} WHERE {' AND '.join(f'{c} = NEW.{c}' for c in key.split())})"
        for key in _UNIQUE_KEYS[table]
    )
    return [
        _trigger(f"{table}_no_delete", f"BEFORE DELETE ON {table}", _refuse(f"{table}: rows are kept", "1")),
        _trigger(f"{table}_no_update", f"BEFORE UPDATE OF {columns} ON {table}", _refuse(_WHY[table], changed)),
        _trigger(
            f"{table}_no_replace",
            f"BEFORE INSERT ON {table}",
            _refuse(f"{table}: this row is already there (nothing is replaced)", taken),
        ),
    ]


def _dates(table: str) -> list[str]:
    bad = " OR ".join(f"date(NEW.{c}) IS NOT NEW.{c}" for c in _DATES[table])
    body = _refuse(f"{table}: a date is YYYY-MM-DD", bad)
    return [
        _trigger(f"{table}_dates", f"BEFORE INSERT ON {table}", body),
        _trigger(f"{table}_dates_later", f"BEFORE UPDATE ON {table}", body),
    ]


_SITE = _refuse(
    "a row belongs to its account home site",
    "NEW.site_id IS NOT (SELECT site_id FROM accounts WHERE id = NEW.account_id)",
)
_SECOND_PERSON = _refuse(
    "a further number of a vendor is verified by somebody other than who proposed it",
    "NEW.state = 'verified' AND NEW.verified_by = NEW.proposed_by AND EXISTS (SELECT 1 FROM payment_contacts "
    "WHERE vendor_id = NEW.vendor_id AND kind = NEW.kind AND id IS NOT NEW.id AND verified_at IS NOT NULL)",
)
_STATES = _refuse(
    "a retired contact stays retired, and only an unverified one is verified",
    "NEW.state <> OLD.state AND (OLD.state = 'retired' OR (NEW.state = 'verified' AND OLD.state <> 'unverified'))",
)
_VERIFIED_ONCE = _refuse(
    "who verified a contact, and against what, is not edited while it is verified",
    "OLD.state = 'verified' AND NEW.state = 'verified' AND (NEW.verified_by IS NOT OLD.verified_by "
    "OR NEW.verified_at IS NOT OLD.verified_at OR NEW.verified_in IS NOT OLD.verified_in)",
)

CREATE = [
    *(statement for table in _KEPT for statement in _kept(table)),
    *(statement for table in _DATES for statement in _dates(table)),
    _trigger("notices_site", "BEFORE UPDATE OF site_id ON notices", _SITE),
    _trigger(
        "notices_withdrawn",
        "BEFORE UPDATE OF withdrawn_on ON notices",
        _refuse(
            "a notice is withdrawn once", "OLD.withdrawn_on IS NOT NULL AND NEW.withdrawn_on IS NOT OLD.withdrawn_on"
        ),
    ),
    _trigger(
        "vendor_policies_ended",
        "BEFORE UPDATE OF effective_until ON vendor_policies",
        _refuse(
            "the end of terms is set once",
            "OLD.effective_until IS NOT NULL AND NEW.effective_until IS NOT OLD.effective_until",
        ),
    ),
    _trigger("payment_contacts_second", "BEFORE INSERT ON payment_contacts", _SECOND_PERSON),
    _trigger(
        "payment_contacts_verified", "BEFORE UPDATE ON payment_contacts", _STATES + _VERIFIED_ONCE + _SECOND_PERSON
    ),
]

DROP = [f"DROP TRIGGER {statement.split()[2]}" for statement in CREATE]
