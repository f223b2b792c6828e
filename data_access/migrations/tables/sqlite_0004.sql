-- Tables of revision 0004 on SQLite. Frozen: change the schema by a new revision.
CREATE TABLE alerts (
  id INTEGER NOT NULL,
  rule TEXT NOT NULL CONSTRAINT ck_alerts_rule CHECK (rule <> ''),
  cause TEXT NOT NULL CONSTRAINT ck_alerts_cause CHECK (cause <> ''),
  account_id INTEGER,
  site_id INTEGER,
  vendor_id INTEGER,
  entity TEXT NOT NULL,
  entity_id INTEGER NOT NULL,
  since TEXT NOT NULL,
  opened_on TEXT NOT NULL,
  amount INTEGER,
  currency TEXT DEFAULT '' NOT NULL,
  act_by TEXT,
  facts TEXT DEFAULT '[]' NOT NULL,
  state TEXT DEFAULT 'open' NOT NULL CONSTRAINT ck_alerts_state CHECK (state IN ('open', 'closed')),
  closed_on TEXT,
  closed_because TEXT DEFAULT '' NOT NULL,
  former_id INTEGER,
  owner TEXT DEFAULT '' NOT NULL,
  acknowledged_by TEXT DEFAULT '' NOT NULL,
  acknowledged_at TEXT,
  snoozed_until TEXT,
  snoozed_amount INTEGER,
  snoozed_act_by TEXT,
  CONSTRAINT pk_alerts PRIMARY KEY (id),
  CONSTRAINT ck_alerts_closed CHECK ((state = 'closed') = (closed_on IS NOT NULL)),
  CONSTRAINT ck_alerts_acknowledged CHECK ((acknowledged_by = '') = (acknowledged_at IS NULL)),
  CONSTRAINT ck_alerts_place CHECK (account_id IS NULL OR site_id IS NOT NULL),
  CONSTRAINT fk_alerts_account_id_site_id FOREIGN KEY(account_id, site_id) REFERENCES accounts (id, site_id) ON UPDATE CASCADE DEFERRABLE,
  CONSTRAINT uq_alerts_id_site_id UNIQUE (id, site_id),
  CONSTRAINT fk_alerts_site_id FOREIGN KEY(site_id) REFERENCES sites (id),
  CONSTRAINT fk_alerts_vendor_id FOREIGN KEY(vendor_id) REFERENCES vendors (id),
  CONSTRAINT fk_alerts_former_id FOREIGN KEY(former_id) REFERENCES alerts (id)
) STRICT;

CREATE UNIQUE INDEX ix_alerts_open ON alerts (rule, cause) WHERE state = 'open';

CREATE INDEX ix_alerts_rule_cause_id ON alerts (rule, cause, id);

CREATE INDEX ix_alerts_site_id_closed_on ON alerts (site_id, closed_on);

CREATE TABLE alert_events (
  id INTEGER NOT NULL,
  alert_id INTEGER NOT NULL,
  site_id INTEGER,
  kind TEXT NOT NULL CONSTRAINT ck_alert_events_kind CHECK (kind IN ('opened', 'reopened', 'changed', 'acknowledged', 'snoozed', 'woken', 'owned', 'commented', 'closed', 'sent')),
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  note TEXT DEFAULT '' NOT NULL,
  CONSTRAINT pk_alert_events PRIMARY KEY (id),
  CONSTRAINT fk_alert_events_alert_id_site_id FOREIGN KEY(alert_id, site_id) REFERENCES alerts (id, site_id) ON UPDATE CASCADE DEFERRABLE,
  CONSTRAINT fk_alert_events_alert_id FOREIGN KEY(alert_id) REFERENCES alerts (id)
) STRICT;

CREATE INDEX ix_alert_events_alert_id_id ON alert_events (alert_id, id);

CREATE TABLE alert_deliveries (
  id INTEGER NOT NULL,
  channel TEXT NOT NULL CONSTRAINT ck_alert_deliveries_channel CHECK (channel <> ''),
  alert_id INTEGER NOT NULL,
  event_id INTEGER NOT NULL,
  digest TEXT NOT NULL,
  state TEXT NOT NULL CONSTRAINT ck_alert_deliveries_state CHECK (state IN ('sending', 'sent', 'failed', 'unclear')),
  attempts INTEGER DEFAULT '0' NOT NULL,
  last_error TEXT DEFAULT '' NOT NULL,
  at TEXT NOT NULL,
  CONSTRAINT pk_alert_deliveries PRIMARY KEY (id),
  CONSTRAINT uq_alert_deliveries_channel_event_id UNIQUE (channel, event_id),
  CONSTRAINT fk_alert_deliveries_alert_id FOREIGN KEY(alert_id) REFERENCES alerts (id),
  CONSTRAINT fk_alert_deliveries_event_id FOREIGN KEY(event_id) REFERENCES alert_events (id)
) STRICT;

CREATE INDEX ix_alert_deliveries_channel_state ON alert_deliveries (channel, state);
