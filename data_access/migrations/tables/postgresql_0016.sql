-- Tables of revision 0016 on PostgreSQL. Frozen: change the schema by a new revision.
CREATE TABLE open_totals (
  id BIGSERIAL NOT NULL,
  account_id BIGINT,
  site_id BIGINT,
  month VARCHAR,
  day DATE,
  due_on DATE,
  region VARCHAR,
  vendor_id BIGINT,
  service_type VARCHAR,
  currency VARCHAR NOT NULL,
  open_amount BIGINT DEFAULT '0' NOT NULL,
  bills BIGINT DEFAULT '0' NOT NULL,
  flagged BIGINT DEFAULT '0' NOT NULL,
  owed BIGINT DEFAULT '0' NOT NULL,
  CONSTRAINT pk_open_totals PRIMARY KEY (id)
);

CREATE INDEX ix_open_totals_region ON open_totals (month) WHERE vendor_id IS NULL AND day IS NULL;

CREATE INDEX ix_open_totals_vendor ON open_totals (month) WHERE region IS NULL AND day IS NULL;

CREATE INDEX ix_open_totals_day ON open_totals (day) WHERE account_id IS NULL AND day IS NOT NULL;

CREATE INDEX ix_open_totals_unfolded ON open_totals (month) WHERE account_id IS NOT NULL;

CREATE INDEX ix_disputes_closed_on ON disputes (closed_on);
