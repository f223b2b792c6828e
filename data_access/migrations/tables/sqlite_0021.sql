-- Index of revision 0021 on SQLite. Frozen: change the schema by a new revision.
CREATE INDEX ix_invoices_credit ON invoices (account_id) WHERE kind = 'credit_note' AND settled < amount;
