-- Tables of revision 0004 on PostgreSQL. Frozen: change the schema by a new revision.
CREATE TABLE alerts (
  id BIGSERIAL NOT NULL,
  rule VARCHAR NOT NULL CONSTRAINT ck_alerts_rule CHECK (rule <> ''),
  cause VARCHAR NOT NULL CONSTRAINT ck_alerts_cause CHECK (cause <> ''),
  account_id BIGINT,
  site_id BIGINT,
  vendor_id BIGINT,
  entity VARCHAR NOT NULL,
  entity_id BIGINT NOT NULL,
  since DATE NOT NULL,
  opened_on DATE NOT NULL,
  amount BIGINT,
  currency VARCHAR DEFAULT '' NOT NULL,
  act_by DATE,
  facts VARCHAR DEFAULT '[]' NOT NULL,
  state VARCHAR DEFAULT 'open' NOT NULL CONSTRAINT ck_alerts_state CHECK (state IN ('open', 'closed')),
  closed_on DATE,
  closed_because VARCHAR DEFAULT '' NOT NULL,
  former_id BIGINT,
  owner VARCHAR DEFAULT '' NOT NULL,
  acknowledged_by VARCHAR DEFAULT '' NOT NULL,
  acknowledged_at TIMESTAMP WITH TIME ZONE,
  snoozed_until DATE,
  snoozed_amount BIGINT,
  snoozed_act_by DATE,
  CONSTRAINT pk_alerts PRIMARY KEY (id),
  CONSTRAINT ck_alerts_closed CHECK ((state = 'closed') = (closed_on IS NOT NULL)),
  CONSTRAINT ck_alerts_acknowledged CHECK ((acknowledged_by = '') = (acknowledged_at IS NULL)),
  CONSTRAINT ck_alerts_place CHECK (account_id IS NULL OR site_id IS NOT NULL),
  CONSTRAINT fk_alerts_account_id_site_id FOREIGN KEY(account_id, site_id) REFERENCES accounts (id, site_id) ON UPDATE CASCADE DEFERRABLE,
  CONSTRAINT uq_alerts_id_site_id UNIQUE (id, site_id),
  CONSTRAINT fk_alerts_site_id FOREIGN KEY(site_id) REFERENCES sites (id),
  CONSTRAINT fk_alerts_vendor_id FOREIGN KEY(vendor_id) REFERENCES vendors (id),
  CONSTRAINT fk_alerts_former_id FOREIGN KEY(former_id) REFERENCES alerts (id)
);

CREATE UNIQUE INDEX ix_alerts_open ON alerts (rule, cause) WHERE state = 'open';

CREATE INDEX ix_alerts_rule_cause_id ON alerts (rule, cause, id);

CREATE INDEX ix_alerts_site_id_closed_on ON alerts (site_id, closed_on);

CREATE TABLE alert_events (
  id BIGSERIAL NOT NULL,
  alert_id BIGINT NOT NULL,
  site_id BIGINT,
  kind VARCHAR NOT NULL CONSTRAINT ck_alert_events_kind CHECK (kind IN ('opened', 'reopened', 'changed', 'acknowledged', 'snoozed', 'woken', 'owned', 'commented', 'closed', 'sent')),
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  actor VARCHAR NOT NULL,
  note VARCHAR DEFAULT '' NOT NULL,
  CONSTRAINT pk_alert_events PRIMARY KEY (id),
  CONSTRAINT fk_alert_events_alert_id_site_id FOREIGN KEY(alert_id, site_id) REFERENCES alerts (id, site_id) ON UPDATE CASCADE DEFERRABLE,
  CONSTRAINT fk_alert_events_alert_id FOREIGN KEY(alert_id) REFERENCES alerts (id)
);

CREATE INDEX ix_alert_events_alert_id_id ON alert_events (alert_id, id);

CREATE TABLE alert_deliveries (
  id BIGSERIAL NOT NULL,
  channel VARCHAR NOT NULL CONSTRAINT ck_alert_deliveries_channel CHECK (channel <> ''),
  alert_id BIGINT NOT NULL,
  event_id BIGINT NOT NULL,
  digest VARCHAR NOT NULL,
  state VARCHAR NOT NULL CONSTRAINT ck_alert_deliveries_state CHECK (state IN ('sending', 'sent', 'failed', 'unclear')),
  attempts BIGINT DEFAULT '0' NOT NULL,
  last_error VARCHAR DEFAULT '' NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_alert_deliveries PRIMARY KEY (id),
  CONSTRAINT uq_alert_deliveries_channel_event_id UNIQUE (channel, event_id),
  CONSTRAINT fk_alert_deliveries_alert_id FOREIGN KEY(alert_id) REFERENCES alerts (id),
  CONSTRAINT fk_alert_deliveries_event_id FOREIGN KEY(event_id) REFERENCES alert_events (id)
);

CREATE INDEX ix_alert_deliveries_channel_state ON alert_deliveries (channel, state);
