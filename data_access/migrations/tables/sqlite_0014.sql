-- Tables of revision 0014 on SQLite. Frozen: change the schema by a new revision.
CREATE TABLE month_totals (
  id INTEGER NOT NULL,
  account_id INTEGER,
  site_id INTEGER,
  month TEXT NOT NULL,
  region TEXT NOT NULL,
  vendor_id INTEGER NOT NULL,
  service_type TEXT NOT NULL,
  currency TEXT NOT NULL,
  billed INTEGER DEFAULT '0' NOT NULL,
  credited INTEGER DEFAULT '0' NOT NULL,
  paid INTEGER DEFAULT '0' NOT NULL,
  refunded INTEGER DEFAULT '0' NOT NULL,
  returned INTEGER DEFAULT '0' NOT NULL,
  bounced INTEGER DEFAULT '0' NOT NULL,
  payments INTEGER DEFAULT '0' NOT NULL,
  late INTEGER DEFAULT '0' NOT NULL,
  late_bills INTEGER DEFAULT '0' NOT NULL,
  CONSTRAINT pk_month_totals PRIMARY KEY (id)
) STRICT;

CREATE INDEX ix_month_totals_month ON month_totals (month);

CREATE INDEX ix_month_totals_unfolded ON month_totals (month) WHERE account_id IS NOT NULL;

CREATE TABLE month_payments (
  id INTEGER NOT NULL,
  account_id INTEGER,
  site_id INTEGER,
  month TEXT NOT NULL,
  region TEXT NOT NULL,
  currency TEXT NOT NULL,
  method TEXT NOT NULL,
  channel TEXT NOT NULL,
  paid INTEGER DEFAULT '0' NOT NULL,
  refunded INTEGER DEFAULT '0' NOT NULL,
  returned INTEGER DEFAULT '0' NOT NULL,
  payments INTEGER DEFAULT '0' NOT NULL,
  CONSTRAINT pk_month_payments PRIMARY KEY (id)
) STRICT;

CREATE INDEX ix_month_payments_month ON month_payments (month);

CREATE INDEX ix_month_payments_unfolded ON month_payments (month) WHERE account_id IS NOT NULL;
