-- Table of revision 0011 on PostgreSQL. Frozen: change the schema by a new revision.
CREATE TABLE import_mappings (
  id BIGSERIAL NOT NULL,
  kind VARCHAR NOT NULL,
  name VARCHAR NOT NULL CONSTRAINT ck_import_mappings_name CHECK (name <> ''),
  options VARCHAR NOT NULL,
  titles VARCHAR NOT NULL,
  saved_by VARCHAR NOT NULL,
  saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_import_mappings PRIMARY KEY (id),
  CONSTRAINT uq_import_mappings_kind_name UNIQUE (kind, name)
);
