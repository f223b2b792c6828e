-- Tables of revision 0016 on SQLite. Frozen: change the schema by a new revision.
CREATE TABLE open_totals (
  id INTEGER NOT NULL,
  account_id INTEGER,
  site_id INTEGER,
  month TEXT,
  day TEXT,
  due_on TEXT,
  region TEXT,
  vendor_id INTEGER,
  service_type TEXT,
  currency TEXT NOT NULL,
  open_amount INTEGER DEFAULT '0' NOT NULL,
  bills INTEGER DEFAULT '0' NOT NULL,
  flagged INTEGER DEFAULT '0' NOT NULL,
  owed INTEGER DEFAULT '0' NOT NULL,
  CONSTRAINT pk_open_totals PRIMARY KEY (id)
) STRICT;

CREATE INDEX ix_open_totals_region ON open_totals (month) WHERE vendor_id IS NULL AND day IS NULL;

CREATE INDEX ix_open_totals_vendor ON open_totals (month) WHERE region IS NULL AND day IS NULL;

CREATE INDEX ix_open_totals_day ON open_totals (day) WHERE account_id IS NULL AND day IS NOT NULL;

CREATE INDEX ix_open_totals_unfolded ON open_totals (month) WHERE account_id IS NOT NULL;

CREATE INDEX ix_disputes_closed_on ON disputes (closed_on);
