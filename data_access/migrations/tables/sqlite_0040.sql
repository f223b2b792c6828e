-- Tables of revision 0040 on SQLite. Frozen: change the schema by a new revision.
CREATE TABLE call_days (
  id INTEGER NOT NULL,
  account_id INTEGER,
  site_id INTEGER,
  day TEXT NOT NULL,
  calls INTEGER DEFAULT '0' NOT NULL,
  paid INTEGER DEFAULT '0' NOT NULL,
  CONSTRAINT pk_call_days PRIMARY KEY (id)
) STRICT;

CREATE INDEX ix_call_days_covering ON call_days (day, calls, paid);

CREATE INDEX ix_call_days_unfolded ON call_days (day) WHERE account_id IS NOT NULL;
