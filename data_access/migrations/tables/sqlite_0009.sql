-- Tables of revision 0009 on SQLite. Frozen: change the schema by a new revision.
CREATE TABLE usage (
  id INTEGER NOT NULL,
  account_id INTEGER NOT NULL,
  site_id INTEGER NOT NULL,
  service_id INTEGER,
  started_at TEXT NOT NULL,
  kind TEXT NOT NULL CONSTRAINT ck_usage_kind CHECK (kind IN ('voice', 'data', 'sms', 'other')),
  from_number TEXT DEFAULT '' NOT NULL,
  to_number TEXT DEFAULT '' NOT NULL,
  quantity INTEGER NOT NULL CONSTRAINT ck_usage_quantity CHECK (quantity >= 0),
  unit TEXT NOT NULL,
  billed_s INTEGER CONSTRAINT ck_usage_billed_s CHECK (billed_s >= 0),
  disposition TEXT DEFAULT '' NOT NULL,
  cost INTEGER,
  batch_id INTEGER,
  source TEXT,
  external_id TEXT,
  import_key TEXT,
  CONSTRAINT pk_usage PRIMARY KEY (id),
  CONSTRAINT uq_usage_account_id_source_import_key UNIQUE (account_id, source, import_key),
  CONSTRAINT uq_usage_account_id_id UNIQUE (account_id, id),
  CONSTRAINT fk_usage_account_id_site_id FOREIGN KEY(account_id, site_id) REFERENCES accounts (id, site_id) ON UPDATE CASCADE DEFERRABLE,
  CONSTRAINT fk_usage_service_id FOREIGN KEY(service_id) REFERENCES services (id),
  CONSTRAINT fk_usage_batch_id FOREIGN KEY(batch_id) REFERENCES import_batches (id)
) STRICT;

CREATE INDEX ix_usage_account_id_started_at ON usage (account_id, started_at);

CREATE INDEX ix_usage_site_id_started_at ON usage (site_id, started_at);
