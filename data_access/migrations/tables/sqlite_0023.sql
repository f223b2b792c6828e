-- Tables of revision 0023 on SQLite. Frozen: change the schema by a new revision.
CREATE TABLE alert_findings (
  id INTEGER NOT NULL,
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
  CONSTRAINT pk_alert_findings PRIMARY KEY (id),
  CONSTRAINT uq_alert_findings_rule_cause UNIQUE (rule, cause),
  CONSTRAINT fk_alert_findings_account_id_site_id FOREIGN KEY(account_id, site_id) REFERENCES accounts (id, site_id) ON UPDATE CASCADE DEFERRABLE
) STRICT;

CREATE INDEX ix_alert_findings_account_id ON alert_findings (account_id, rule);

CREATE INDEX ix_alert_findings_urgency ON alert_findings (severity, last_day, weight, rule, cause);

CREATE TABLE alert_judged (
  account_id INTEGER NOT NULL,
  site_id INTEGER NOT NULL,
  day TEXT NOT NULL,
  grounds TEXT DEFAULT '' NOT NULL,
  turn INTEGER DEFAULT '0' NOT NULL,
  CONSTRAINT pk_alert_judged PRIMARY KEY (account_id),
  CONSTRAINT fk_alert_judged_account_id_site_id FOREIGN KEY(account_id, site_id) REFERENCES accounts (id, site_id) ON UPDATE CASCADE DEFERRABLE
) STRICT;

CREATE INDEX ix_alert_judged_day ON alert_judged (day, grounds);

CREATE TABLE alert_marks (
  id INTEGER NOT NULL,
  account_id INTEGER NOT NULL,
  site_id INTEGER NOT NULL,
  CONSTRAINT pk_alert_marks PRIMARY KEY (id)
) STRICT;

CREATE INDEX ix_alert_marks_account_id ON alert_marks (account_id);

CREATE INDEX ix_alerts_snoozed ON alerts (snoozed_until) WHERE state = 'open' AND snoozed_until IS NOT NULL;

CREATE INDEX ix_alerts_owner ON alerts (owner) WHERE state = 'open' AND owner <> '';
