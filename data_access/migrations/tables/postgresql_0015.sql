-- Tables of revision 0015 on PostgreSQL. Frozen: change the schema by a new revision.
ALTER TABLE vendor_policies ADD COLUMN part_basis_points BIGINT DEFAULT 0 NOT NULL CONSTRAINT ck_vendor_policies_part_share CHECK (part_basis_points BETWEEN 0 AND 9999);

ALTER TABLE vendor_policies ADD COLUMN part_days BIGINT DEFAULT 0 NOT NULL CONSTRAINT ck_vendor_policies_part_days CHECK (part_days >= 0 AND (part_days = 0) = (part_basis_points = 0) AND (part_days = 0 OR suspends_earliest IS NOT NULL));
