-- Tables of revision 0040 on PostgreSQL. Frozen: change the schema by a new revision.
CREATE TABLE call_days (
  id BIGSERIAL NOT NULL,
  account_id BIGINT,
  site_id BIGINT,
  day DATE NOT NULL,
  calls BIGINT DEFAULT '0' NOT NULL,
  paid BIGINT DEFAULT '0' NOT NULL,
  CONSTRAINT pk_call_days PRIMARY KEY (id)
);

CREATE INDEX ix_call_days_covering ON call_days (day, calls, paid);

CREATE INDEX ix_call_days_unfolded ON call_days (day) WHERE account_id IS NOT NULL;
