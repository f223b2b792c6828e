-- Tables of revision 0032 on SQLite. Frozen: change the schema by a new revision.
CREATE TABLE past_alert_days (
  id INTEGER NOT NULL,
  day TEXT NOT NULL,
  grounds TEXT NOT NULL,
  judged_to INTEGER DEFAULT '0' NOT NULL,
  done INTEGER DEFAULT 0 NOT NULL,
  CONSTRAINT pk_past_alert_days PRIMARY KEY (id),
  CONSTRAINT uq_past_alert_days_day UNIQUE (day)
) STRICT;

CREATE TABLE past_findings (
  id INTEGER NOT NULL,
  day TEXT NOT NULL,
  account_id INTEGER NOT NULL,
  site_id INTEGER NOT NULL,
  vendor_id INTEGER NOT NULL,
  rule TEXT NOT NULL,
  cause TEXT NOT NULL,
  entity TEXT NOT NULL,
  entity_id INTEGER NOT NULL,
  since TEXT NOT NULL,
  amount INTEGER,
  currency TEXT NOT NULL,
  act_by TEXT,
  facts TEXT NOT NULL,
  severity INTEGER NOT NULL,
  last_day TEXT NOT NULL,
  weight INTEGER NOT NULL,
  CONSTRAINT pk_past_findings PRIMARY KEY (id),
  CONSTRAINT uq_past_findings_day_rule_cause UNIQUE (day, rule, cause),
  CONSTRAINT fk_past_findings_day FOREIGN KEY(day) REFERENCES past_alert_days (day) ON DELETE CASCADE,
  CONSTRAINT fk_past_findings_account_id_site_id FOREIGN KEY(account_id, site_id) REFERENCES accounts (id, site_id) ON UPDATE CASCADE DEFERRABLE
) STRICT;

CREATE INDEX ix_past_findings_account_id ON past_findings (account_id, day, rule);

CREATE INDEX ix_past_findings_urgency ON past_findings (day, severity, last_day, weight, rule, cause, account_id);

CREATE INDEX ix_month_totals_billed ON month_totals (month, currency, billed, credited) WHERE account_id IS NULL;
