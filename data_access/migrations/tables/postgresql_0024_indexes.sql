-- Indexes of revision 0024 on PostgreSQL, made when its columns are filled. Frozen: change the schema by a new revision.
CREATE INDEX ix_invoices_open_issued ON invoices (kind, issued_on, account_id, site_id, due_on, amount, settled, applied_from, applied_until, id) WHERE settled < amount;

CREATE INDEX ix_invoices_settled_until ON invoices (kind, (greatest(24180, CAST(EXTRACT(year FROM issued_on) * 12 + EXTRACT(month FROM issued_on) AS integer))), applied_until, issued_on, account_id, site_id, due_on, amount, settled, applied_from, id) WHERE settled = amount;

CREATE INDEX ix_invoices_in_part ON invoices (kind, (greatest(24180, CAST(EXTRACT(year FROM issued_on) * 12 + EXTRACT(month FROM issued_on) AS integer))), applied_until, applied_from) WHERE applied_from < applied_until;

CREATE INDEX ix_payments_applied_later ON payments ((greatest(24180, CAST(EXTRACT(year FROM paid_on) * 12 + EXTRACT(month FROM paid_on) AS integer))), applied_until, paid_on) WHERE applied_until > paid_on;
