-- Tables of revision 0027 on SQLite. Frozen: change the schema by a new revision.
CREATE TABLE past_days (
  id INTEGER NOT NULL,
  day TEXT NOT NULL,
  done INTEGER DEFAULT 0 NOT NULL,
  CONSTRAINT pk_past_days PRIMARY KEY (id),
  CONSTRAINT uq_past_days_day UNIQUE (day)
) STRICT;

CREATE TABLE past_risks (
  id INTEGER NOT NULL,
  day TEXT NOT NULL,
  account_id INTEGER NOT NULL,
  site_id INTEGER NOT NULL,
  currency TEXT NOT NULL,
  stage INTEGER NOT NULL,
  stops_on TEXT NOT NULL,
  earliest TEXT,
  latest TEXT,
  noticed_on TEXT,
  keeps_on INTEGER NOT NULL,
  services INTEGER NOT NULL,
  criticality INTEGER NOT NULL,
  headcount INTEGER NOT NULL,
  mildness INTEGER NOT NULL,
  elsewhere INTEGER NOT NULL,
  bills INTEGER NOT NULL,
  CONSTRAINT pk_past_risks PRIMARY KEY (id),
  CONSTRAINT uq_past_risks_account_id_day UNIQUE (account_id, day),
  CONSTRAINT fk_past_risks_day FOREIGN KEY(day) REFERENCES past_days (day) ON DELETE CASCADE,
  CONSTRAINT fk_past_risks_account_id_site_id FOREIGN KEY(account_id, site_id) REFERENCES accounts (id, site_id) ON UPDATE CASCADE DEFERRABLE
) STRICT;

CREATE INDEX ix_past_risks_order ON past_risks (day, stage, stops_on, currency, account_id, keeps_on, bills, mildness);

CREATE INDEX ix_past_risks_site ON past_risks (day, site_id, stage, stops_on, currency, keeps_on, services, criticality, headcount, elsewhere, account_id);

ALTER TABLE alert_findings ADD COLUMN apart INTEGER DEFAULT 0 NOT NULL;

ALTER TABLE alert_judged ADD COLUMN apart INTEGER DEFAULT 0 NOT NULL;

CREATE INDEX ix_alert_judged_apart ON alert_judged (account_id) WHERE apart = 1;

CREATE INDEX ix_alert_findings_site ON alert_findings (site_id, rule, apart);
