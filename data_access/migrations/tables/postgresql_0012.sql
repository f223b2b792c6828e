-- Table of revision 0012 on PostgreSQL. Frozen: change the schema by a new revision.
CREATE TABLE scenarios (
  id BIGSERIAL NOT NULL,
  link VARCHAR NOT NULL CONSTRAINT ck_scenarios_link CHECK (length(link) = 22),
  name VARCHAR NOT NULL CONSTRAINT ck_scenarios_name CHECK (name <> ''),
  owner VARCHAR NOT NULL CONSTRAINT ck_scenarios_owner CHECK (owner <> ''),
  actions VARCHAR NOT NULL,
  as_of DATE NOT NULL,
  data_version VARCHAR NOT NULL DEFAULT '',
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
  deleted_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_scenarios PRIMARY KEY (id),
  CONSTRAINT uq_scenarios_link UNIQUE (link)
);

CREATE UNIQUE INDEX uq_scenarios_owner_name ON scenarios (owner, name) WHERE deleted_at IS NULL;
