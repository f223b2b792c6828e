-- Tables of revision 0020 on PostgreSQL. Frozen: change the schema by a new revision.
ALTER TABLE month_totals ADD COLUMN fell_due BIGINT DEFAULT '0' NOT NULL;

ALTER TABLE month_totals ADD COLUMN in_time BIGINT DEFAULT '0' NOT NULL;

CREATE INDEX ix_invoices_due_before ON invoices (issued_on) WHERE due_on < issued_on;

CREATE INDEX ix_invoices_no_due ON invoices (issued_on) WHERE due_on IS NULL AND kind = 'invoice';

CREATE INDEX ix_allocations_reversing ON allocations (applied_on) WHERE reverses_id IS NOT NULL;

CREATE INDEX ix_payments_posted_on_paid_on ON payments (posted_on, paid_on);

DROP INDEX ix_calls_started_at_id;

CREATE INDEX ix_calls_log ON calls (started_at, id, outcome);
