"""The rules of alerts as SQLite triggers, frozen with revision 0004."""

_UNIQUE_KEYS = {
    "alerts": ("NEW.id = id", "NEW.rule = rule AND NEW.cause = cause AND NEW.state = 'open' AND state = 'open'"),
    "alert_events": ("NEW.id = id",),
    "alert_deliveries": ("NEW.id = id", "NEW.channel = channel AND NEW.event_id = event_id"),
}
# Columns that nothing may change. site_id follows the account when it moves house.
_FROZEN = {
    "alerts": "id rule cause account_id vendor_id entity entity_id since opened_on former_id",
    "alert_events": "id alert_id kind at actor note",
    "alert_deliveries": "id channel alert_id event_id",
}
_WHY = {
    "alerts": "an alert is about one cause: another one is another alert",
    "alert_events": "the history of an alert is not edited",
    "alert_deliveries": "a delivery is of one transition to one channel",
}
_DATES = {
    "alerts": ("since", "opened_on", "act_by", "closed_on", "snoozed_until", "snoozed_act_by"),
}


def _refuse(reason: str, condition: str) -> str:
    return f"SELECT RAISE(ABORT, '{reason}') WHERE {condition};"


def _trigger(name: str, when: str, body: str) -> str:
    return f"CREATE TRIGGER {name} {when} BEGIN {body} END"


def _kept(table: str) -> list[str]:
    changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in _FROZEN[table].split())
    columns = ", ".join(_FROZEN[table].split())
    taken = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {key})" for key in _UNIQUE_KEYS[table])
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


CREATE = [
    *(statement for table in _FROZEN for statement in _kept(table)),
    *(statement for table in _DATES for statement in _dates(table)),
    _trigger(
        "alerts_closed",
        "BEFORE UPDATE ON alerts",
        _refuse(
            "a closed alert stays closed: what comes back is a new one", "OLD.state = 'closed' AND NEW.state = 'open'"
        ),
    ),
    _trigger(
        "alert_events_site",
        "BEFORE INSERT ON alert_events",
        _refuse(
            "the history of an alert belongs to its site",
            "NEW.site_id IS NOT (SELECT site_id FROM alerts WHERE id = NEW.alert_id)",
        ),
    ),
    _trigger(
        "alert_deliveries_sent",
        "BEFORE UPDATE ON alert_deliveries",
        _refuse("what was sent was sent", "OLD.state = 'sent' AND NEW.state <> 'sent'"),
    ),
]

DROP = [f"DROP TRIGGER {statement.split()[2]}" for statement in CREATE]
