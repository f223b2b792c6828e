-- Table of revision 0012 on SQLite. Frozen: change the schema by a new revision.
CREATE TABLE scenarios (
  id INTEGER NOT NULL,
  link TEXT NOT NULL CONSTRAINT ck_scenarios_link CHECK (length(link) = 22),
  name TEXT NOT NULL CONSTRAINT ck_scenarios_name CHECK (name <> ''),
  owner TEXT NOT NULL CONSTRAINT ck_scenarios_owner CHECK (owner <> ''),
  actions TEXT NOT NULL,
  as_of TEXT NOT NULL,
  data_version TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  deleted_at TEXT,
  CONSTRAINT pk_scenarios PRIMARY KEY (id),
  CONSTRAINT uq_scenarios_link UNIQUE (link)
) STRICT;

CREATE UNIQUE INDEX uq_scenarios_owner_name ON scenarios (owner, name) WHERE deleted_at IS NULL;
