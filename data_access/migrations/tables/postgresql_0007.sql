-- Changes of revision 0007 on PostgreSQL. Frozen: change the schema by a new revision.
ALTER TABLE bank_statements NO FORCE ROW LEVEL SECURITY, DISABLE TRIGGER bank_statements_update;

ALTER TABLE bank_lines NO FORCE ROW LEVEL SECURITY, DISABLE TRIGGER bank_lines_update;

ALTER TABLE bank_statements ALTER COLUMN opening DROP NOT NULL, ALTER COLUMN closing DROP NOT NULL;

ALTER TABLE bank_statements ADD COLUMN movements BIGINT DEFAULT 0 NOT NULL, ADD COLUMN reference VARCHAR DEFAULT '' NOT NULL, ADD COLUMN import_key VARCHAR;

UPDATE bank_statements SET movements = (SELECT coalesce(sum(amount), 0) FROM bank_lines WHERE statement_id = bank_statements.id), import_key = 'id:' || id;

CREATE UNIQUE INDEX uq_bank_statements_bank_account_import_key ON bank_statements (bank_account, import_key);

ALTER TABLE bank_lines ADD COLUMN bank_account VARCHAR, ADD COLUMN value_on DATE, ADD COLUMN counterparty VARCHAR DEFAULT '' NOT NULL;

UPDATE bank_lines SET bank_account = (SELECT bank_account FROM bank_statements WHERE id = bank_lines.statement_id);

ALTER TABLE bank_lines ALTER COLUMN bank_account SET NOT NULL;

CREATE UNIQUE INDEX uq_bank_lines_bank_account_import_key ON bank_lines (bank_account, import_key);

ALTER TABLE bank_lines FORCE ROW LEVEL SECURITY, ENABLE TRIGGER bank_lines_update;

ALTER TABLE bank_statements FORCE ROW LEVEL SECURITY, ENABLE TRIGGER bank_statements_update;
