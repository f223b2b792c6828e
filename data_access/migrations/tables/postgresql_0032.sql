-- Tables of revision 0032 on PostgreSQL. Frozen: change the schema by a new revision.
CREATE TABLE past_alert_days (
  id BIGSERIAL NOT NULL,
  day DATE NOT NULL,
  grounds VARCHAR NOT NULL,
  judged_to BIGINT DEFAULT '0' NOT NULL,
  done BOOLEAN DEFAULT false NOT NULL,
  CONSTRAINT pk_past_alert_days PRIMARY KEY (id),
  CONSTRAINT uq_past_alert_days_day UNIQUE (day)
);

CREATE TABLE past_findings (
  id BIGSERIAL NOT NULL,
  day DATE NOT NULL,
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
  CONSTRAINT pk_past_findings PRIMARY KEY (id),
  CONSTRAINT uq_past_findings_day_rule_cause UNIQUE (day, rule, cause),
  CONSTRAINT fk_past_findings_day FOREIGN KEY(day) REFERENCES past_alert_days (day) ON DELETE CASCADE,
  CONSTRAINT fk_past_findings_account_id_site_id FOREIGN KEY(account_id, site_id) REFERENCES accounts (id, site_id) ON UPDATE CASCADE DEFERRABLE
);

CREATE INDEX ix_past_findings_account_id ON past_findings (account_id, day, rule);

CREATE INDEX ix_past_findings_urgency ON past_findings (day, severity, last_day, weight, rule, cause, account_id);

CREATE INDEX ix_month_totals_billed ON month_totals (month, currency, billed, credited) WHERE account_id IS NULL;
