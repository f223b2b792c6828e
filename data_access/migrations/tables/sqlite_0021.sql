-- Tables of revision 0021 on SQLite. Frozen: change the schema by a new revision.
CREATE TABLE account_risks (
  id INTEGER NOT NULL,
  account_id INTEGER NOT NULL,
  site_id INTEGER NOT NULL,
  currency TEXT NOT NULL,
  since TEXT NOT NULL,
  until TEXT NOT NULL,
  known_since TEXT NOT NULL,
  known_until TEXT NOT NULL,
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
  CONSTRAINT pk_account_risks PRIMARY KEY (id),
  CONSTRAINT uq_account_risks_account_id_since UNIQUE (account_id, since),
  CONSTRAINT fk_account_risks_account_id_site_id FOREIGN KEY(account_id, site_id) REFERENCES accounts (id, site_id) ON UPDATE CASCADE DEFERRABLE
) STRICT;

CREATE INDEX ix_account_risks_known_since ON account_risks (known_since, account_id);

CREATE INDEX ix_account_risks_known_until ON account_risks (known_until, account_id);

CREATE INDEX ix_account_risks_order ON account_risks (stage, stops_on, currency, account_id, since, until, keeps_on, bills, mildness);

CREATE INDEX ix_account_risks_site ON account_risks (site_id, stage, stops_on, since, until, currency, keeps_on, services, criticality, headcount, elsewhere, account_id);

CREATE TABLE risk_marks (
  id INTEGER NOT NULL,
  account_id INTEGER,
  site_id INTEGER,
  vendor_id INTEGER,
  CONSTRAINT pk_risk_marks PRIMARY KEY (id)
) STRICT;
