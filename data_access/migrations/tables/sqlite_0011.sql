-- Table of revision 0011 on SQLite. Frozen: change the schema by a new revision.
CREATE TABLE import_mappings (
  id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL CONSTRAINT ck_import_mappings_name CHECK (name <> ''),
  options TEXT NOT NULL,
  titles TEXT NOT NULL,
  saved_by TEXT NOT NULL,
  saved_at TEXT NOT NULL,
  CONSTRAINT pk_import_mappings PRIMARY KEY (id),
  CONSTRAINT uq_import_mappings_kind_name UNIQUE (kind, name)
) STRICT;
