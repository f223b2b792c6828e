-- Tables of revision 0022 on PostgreSQL. Frozen: change the schema by a new revision.
CREATE TABLE site_totals (
  id BIGSERIAL NOT NULL,
  site_id BIGINT NOT NULL,
  period VARCHAR NOT NULL,
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
  fell_due BIGINT DEFAULT '0' NOT NULL,
  in_time BIGINT DEFAULT '0' NOT NULL,
  CONSTRAINT pk_site_totals PRIMARY KEY (id),
  CONSTRAINT fk_site_totals_site_id FOREIGN KEY(site_id) REFERENCES sites (id)
);

CREATE INDEX ix_site_totals_covering ON site_totals (period, site_id, currency, billed, credited, paid, refunded, returned, bounced, payments, late, late_bills, fell_due, in_time);

CREATE INDEX ix_site_totals_site_id_period ON site_totals (site_id, period);

DROP INDEX ix_invoices_due_on;

CREATE INDEX ix_invoices_due_on ON invoices (due_on, id) WHERE due_on IS NOT NULL;

DROP INDEX ix_calls_site_id_started_at;

CREATE INDEX ix_calls_site_id_started_at ON calls (site_id, started_at, outcome);
