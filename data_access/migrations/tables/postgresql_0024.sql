-- Columns of revision 0024 on PostgreSQL; its indexes are made when these are filled. Frozen: change the schema by a new revision.
ALTER TABLE invoices ADD COLUMN applied_from DATE;

ALTER TABLE invoices ADD COLUMN applied_until DATE;

ALTER TABLE payments ADD COLUMN applied_from DATE;

ALTER TABLE payments ADD COLUMN applied_until DATE;
