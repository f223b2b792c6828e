-- Changes of revision 0007 on SQLite. Frozen: change the schema by a new revision.
DROP TRIGGER bank_lines_no_update;

DROP TRIGGER bank_statements_no_update;

ALTER TABLE bank_statements ALTER COLUMN opening DROP NOT NULL;

ALTER TABLE bank_statements ALTER COLUMN closing DROP NOT NULL;

ALTER TABLE bank_statements ADD COLUMN movements INTEGER DEFAULT 0 NOT NULL;

ALTER TABLE bank_statements ADD COLUMN reference TEXT DEFAULT '' NOT NULL;

ALTER TABLE bank_statements ADD COLUMN import_key TEXT;

UPDATE bank_statements SET movements = (SELECT coalesce(sum(amount), 0) FROM bank_lines WHERE statement_id = bank_statements.id), import_key = 'id:' || id;

CREATE UNIQUE INDEX uq_bank_statements_bank_account_import_key ON bank_statements (bank_account, import_key);

ALTER TABLE bank_lines ADD COLUMN bank_account TEXT;

UPDATE bank_lines SET bank_account = (SELECT bank_account FROM bank_statements WHERE id = bank_lines.statement_id);

ALTER TABLE bank_lines ALTER COLUMN bank_account SET NOT NULL;

ALTER TABLE bank_lines ADD COLUMN value_on TEXT;

ALTER TABLE bank_lines ADD COLUMN counterparty TEXT DEFAULT '' NOT NULL;

CREATE UNIQUE INDEX uq_bank_lines_bank_account_import_key ON bank_lines (bank_account, import_key);
