"""The rules of alerts as PostgreSQL triggers, frozen with revision 0004. Rows are kept by the function of revision 0003."""

_KEPT = ("alerts", "alert_events", "alert_deliveries")

_FUNCTIONS = {
    "duewatch_alerts_update": """
BEGIN
  IF (NEW.id, NEW.rule, NEW.cause, NEW.account_id, NEW.vendor_id, NEW.entity, NEW.entity_id, NEW.since, NEW.opened_on,
      NEW.former_id) IS DISTINCT FROM
     (OLD.id, OLD.rule, OLD.cause, OLD.account_id, OLD.vendor_id, OLD.entity, OLD.entity_id, OLD.since, OLD.opened_on,
      OLD.former_id) THEN
    RAISE EXCEPTION 'an alert is about one cause: another one is another alert'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF OLD.state = 'closed' AND NEW.state = 'open' THEN
    RAISE EXCEPTION 'a closed alert stays closed: what comes back is a new one'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END""",
    "duewatch_alert_events_write": """
DECLARE kept alert_events%ROWTYPE;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    kept := OLD;
    kept.site_id := NEW.site_id;
    IF kept IS DISTINCT FROM NEW THEN
      RAISE EXCEPTION 'the history of an alert is not edited' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  ELSIF NEW.site_id IS DISTINCT FROM (SELECT site_id FROM alerts WHERE id = NEW.alert_id) THEN
    RAISE EXCEPTION 'the history of an alert belongs to its site' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END""",
    "duewatch_alert_deliveries_update": """
BEGIN
  IF (NEW.id, NEW.channel, NEW.alert_id, NEW.event_id) IS DISTINCT FROM
     (OLD.id, OLD.channel, OLD.alert_id, OLD.event_id) THEN
    RAISE EXCEPTION 'a delivery is of one transition to one channel' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF OLD.state = 'sent' AND NEW.state <> 'sent' THEN
    RAISE EXCEPTION 'what was sent was sent' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END""",
}

_TRIGGERS = [
    ("alerts_update", "BEFORE UPDATE ON alerts", "duewatch_alerts_update"),
    ("alert_events_insert", "BEFORE INSERT ON alert_events", "duewatch_alert_events_write"),
    ("alert_events_update", "BEFORE UPDATE ON alert_events", "duewatch_alert_events_write"),
    ("alert_deliveries_update", "BEFORE UPDATE ON alert_deliveries", "duewatch_alert_deliveries_update"),
]

CREATE = [
    *(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$" for name, body in _FUNCTIONS.items()),
    *(
        f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION duewatch_rows_kept()"
        for table in _KEPT
    ),
    *(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT "
        "EXECUTE FUNCTION duewatch_rows_kept()"
        for table in _KEPT
    ),
    *(f"CREATE TRIGGER {name} {when} FOR EACH ROW EXECUTE FUNCTION {function}()" for name, when, function in _TRIGGERS),
]

# Dropping a table drops its triggers; the functions remain to be dropped.
DROP = [f"DROP FUNCTION {name}() CASCADE" for name in _FUNCTIONS]
