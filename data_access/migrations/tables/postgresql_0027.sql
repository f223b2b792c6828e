-- Tables of revision 0027 on PostgreSQL. Frozen: change the schema by a new revision.
CREATE TABLE past_days (
  id BIGSERIAL NOT NULL,
  day DATE NOT NULL,
  done BOOLEAN DEFAULT false NOT NULL,
  CONSTRAINT pk_past_days PRIMARY KEY (id),
  CONSTRAINT uq_past_days_day UNIQUE (day)
);

CREATE TABLE past_risks (
  id BIGSERIAL NOT NULL,
  day DATE NOT NULL,
  account_id BIGINT NOT NULL,
  site_id BIGINT NOT NULL,
  currency VARCHAR NOT NULL,
  stage BIGINT NOT NULL,
  stops_on DATE NOT NULL,
  earliest DATE,
  latest DATE,
  noticed_on DATE,
  keeps_on BIGINT NOT NULL,
  services BIGINT NOT NULL,
  criticality BIGINT NOT NULL,
  headcount BIGINT NOT NULL,
  mildness BIGINT NOT NULL,
  elsewhere BOOLEAN NOT NULL,
  bills BIGINT NOT NULL,
  CONSTRAINT pk_past_risks PRIMARY KEY (id),
  CONSTRAINT uq_past_risks_account_id_day UNIQUE (account_id, day),
  CONSTRAINT fk_past_risks_day FOREIGN KEY(day) REFERENCES past_days (day) ON DELETE CASCADE,
  CONSTRAINT fk_past_risks_account_id_site_id FOREIGN KEY(account_id, site_id) REFERENCES accounts (id, site_id) ON UPDATE CASCADE DEFERRABLE
);

CREATE INDEX ix_past_risks_order ON past_risks (day, stage, stops_on, currency, account_id, keeps_on, bills, mildness);

CREATE INDEX ix_past_risks_site ON past_risks (day, site_id, stage, stops_on, currency, keeps_on, services, criticality, headcount, elsewhere, account_id);

ALTER TABLE alert_findings ADD COLUMN apart BOOLEAN DEFAULT false NOT NULL;

ALTER TABLE alert_judged ADD COLUMN apart BOOLEAN DEFAULT false NOT NULL;

CREATE INDEX ix_alert_judged_apart ON alert_judged (account_id) WHERE apart;

CREATE INDEX ix_alert_findings_site ON alert_findings (site_id, rule, apart);
