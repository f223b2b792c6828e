-- Tables of revision 0021 on PostgreSQL. Frozen: change the schema by a new revision.
CREATE TABLE account_risks (
  id BIGSERIAL NOT NULL,
  account_id BIGINT NOT NULL,
  site_id BIGINT NOT NULL,
  currency VARCHAR NOT NULL,
  since DATE NOT NULL,
  until DATE NOT NULL,
  known_since DATE NOT NULL,
  known_until DATE NOT NULL,
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
  CONSTRAINT pk_account_risks PRIMARY KEY (id),
  CONSTRAINT uq_account_risks_account_id_since UNIQUE (account_id, since),
  CONSTRAINT fk_account_risks_account_id_site_id FOREIGN KEY(account_id, site_id) REFERENCES accounts (id, site_id) ON UPDATE CASCADE DEFERRABLE
);

CREATE INDEX ix_account_risks_known_since ON account_risks (known_since, account_id);

CREATE INDEX ix_account_risks_known_until ON account_risks (known_until, account_id);

CREATE INDEX ix_account_risks_order ON account_risks (stage, stops_on, currency, account_id, since, until, keeps_on, bills, mildness);

CREATE INDEX ix_account_risks_site ON account_risks (site_id, stage, stops_on, since, until, currency, keeps_on, services, criticality, headcount, elsewhere, account_id);

CREATE TABLE risk_marks (
  id BIGSERIAL NOT NULL,
  account_id BIGINT,
  site_id BIGINT,
  vendor_id BIGINT,
  CONSTRAINT pk_risk_marks PRIMARY KEY (id)
);
