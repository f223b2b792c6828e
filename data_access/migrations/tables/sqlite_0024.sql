-- Columns of revision 0024 on SQLite; its indexes are made when these are filled. Frozen: change the schema by a new revision.
ALTER TABLE invoices ADD COLUMN applied_from TEXT;

ALTER TABLE invoices ADD COLUMN applied_until TEXT;

ALTER TABLE payments ADD COLUMN applied_from TEXT;

ALTER TABLE payments ADD COLUMN applied_until TEXT;
