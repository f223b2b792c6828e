-- Tables of revision 0023 on PostgreSQL. Frozen: change the schema by a new revision.
CREATE TABLE alert_findings (
  id BIGSERIAL NOT NULL,
  account_id BIGINT NOT NULL,
  site_id BIGINT NOT NULL,
  vendor_id BIGINT NOT NULL,
  rule VARCHAR NOT NULL,
  cause VARCHAR NOT NULL,
  entity VARCHAR NOT NULL,
  entity_id BIGINT NOT NULL,
  since DATE NOT NULL,
  amount BIGINT,
  currency VARCHAR NOT NULL,
  act_by DATE,
  facts VARCHAR NOT NULL,
  severity BIGINT NOT NULL,
  last_day DATE NOT NULL,
  weight BIGINT NOT NULL,
  CONSTRAINT pk_alert_findings PRIMARY KEY (id),
  CONSTRAINT uq_alert_findings_rule_cause UNIQUE (rule, cause),
  CONSTRAINT fk_alert_findings_account_id_site_id FOREIGN KEY(account_id, site_id) REFERENCES accounts (id, site_id) ON UPDATE CASCADE DEFERRABLE
);

CREATE INDEX ix_alert_findings_account_id ON alert_findings (account_id, rule);

CREATE INDEX ix_alert_findings_urgency ON alert_findings (severity, last_day, weight, rule, cause);

CREATE TABLE alert_judged (
  account_id BIGINT NOT NULL,
  site_id BIGINT NOT NULL,
  day DATE NOT NULL,
  grounds VARCHAR DEFAULT '' NOT NULL,
  turn BIGINT DEFAULT '0' NOT NULL,
  CONSTRAINT pk_alert_judged PRIMARY KEY (account_id),
  CONSTRAINT fk_alert_judged_account_id_site_id FOREIGN KEY(account_id, site_id) REFERENCES accounts (id, site_id) ON UPDATE CASCADE DEFERRABLE
);

CREATE INDEX ix_alert_judged_day ON alert_judged (day, grounds);

CREATE TABLE alert_marks (
  id BIGSERIAL NOT NULL,
  account_id BIGINT NOT NULL,
  site_id BIGINT NOT NULL,
  CONSTRAINT pk_alert_marks PRIMARY KEY (id)
);

CREATE INDEX ix_alert_marks_account_id ON alert_marks (account_id);

CREATE INDEX ix_alerts_snoozed ON alerts (snoozed_until) WHERE state = 'open' AND snoozed_until IS NOT NULL;

CREATE INDEX ix_alerts_owner ON alerts (owner) WHERE state = 'open' AND owner <> '';
