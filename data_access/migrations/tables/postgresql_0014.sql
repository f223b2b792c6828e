-- Tables of revision 0014 on PostgreSQL. Frozen: change the schema by a new revision.
CREATE TABLE month_totals (
  id BIGSERIAL NOT NULL,
  account_id BIGINT,
  site_id BIGINT,
  month VARCHAR NOT NULL,
  region VARCHAR NOT NULL,
  vendor_id BIGINT NOT NULL,
  service_type VARCHAR NOT NULL,
  currency VARCHAR NOT NULL,
  billed BIGINT DEFAULT '0' NOT NULL,
  credited BIGINT DEFAULT '0' NOT NULL,
  paid BIGINT DEFAULT '0' NOT NULL,
  refunded BIGINT DEFAULT '0' NOT NULL,
  returned BIGINT DEFAULT '0' NOT NULL,
  bounced BIGINT DEFAULT '0' NOT NULL,
  payments BIGINT DEFAULT '0' NOT NULL,
  late BIGINT DEFAULT '0' NOT NULL,
  late_bills BIGINT DEFAULT '0' NOT NULL,
  CONSTRAINT pk_month_totals PRIMARY KEY (id)
);

CREATE INDEX ix_month_totals_month ON month_totals (month);

CREATE INDEX ix_month_totals_unfolded ON month_totals (month) WHERE account_id IS NOT NULL;

CREATE TABLE month_payments (
  id BIGSERIAL NOT NULL,
  account_id BIGINT,
  site_id BIGINT,
  month VARCHAR NOT NULL,
  region VARCHAR NOT NULL,
  currency VARCHAR NOT NULL,
  method VARCHAR NOT NULL,
  channel VARCHAR NOT NULL,
  paid BIGINT DEFAULT '0' NOT NULL,
  refunded BIGINT DEFAULT '0' NOT NULL,
  returned BIGINT DEFAULT '0' NOT NULL,
  payments BIGINT DEFAULT '0' NOT NULL,
  CONSTRAINT pk_month_payments PRIMARY KEY (id)
);

CREATE INDEX ix_month_payments_month ON month_payments (month);

CREATE INDEX ix_month_payments_unfolded ON month_payments (month) WHERE account_id IS NOT NULL;
