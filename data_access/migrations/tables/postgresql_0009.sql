-- Tables of revision 0009 on PostgreSQL. Frozen: change the schema by a new revision.
CREATE TABLE usage (
  id BIGSERIAL NOT NULL,
  account_id BIGINT NOT NULL,
  site_id BIGINT NOT NULL,
  service_id BIGINT,
  started_at TIMESTAMP WITH TIME ZONE NOT NULL,
  kind VARCHAR NOT NULL CONSTRAINT ck_usage_kind CHECK (kind IN ('voice', 'data', 'sms', 'other')),
  from_number VARCHAR DEFAULT '' NOT NULL,
  to_number VARCHAR DEFAULT '' NOT NULL,
  quantity BIGINT NOT NULL CONSTRAINT ck_usage_quantity CHECK (quantity >= 0),
  unit VARCHAR NOT NULL,
  billed_s BIGINT CONSTRAINT ck_usage_billed_s CHECK (billed_s >= 0),
  disposition VARCHAR DEFAULT '' NOT NULL,
  cost BIGINT,
  batch_id BIGINT,
  source VARCHAR,
  external_id VARCHAR,
  import_key VARCHAR,
  CONSTRAINT pk_usage PRIMARY KEY (id),
  CONSTRAINT uq_usage_account_id_source_import_key UNIQUE (account_id, source, import_key),
  CONSTRAINT uq_usage_account_id_id UNIQUE (account_id, id),
  CONSTRAINT fk_usage_account_id_site_id FOREIGN KEY(account_id, site_id) REFERENCES accounts (id, site_id) ON UPDATE CASCADE DEFERRABLE,
  CONSTRAINT fk_usage_service_id FOREIGN KEY(service_id) REFERENCES services (id),
  CONSTRAINT fk_usage_batch_id FOREIGN KEY(batch_id) REFERENCES import_batches (id)
);

CREATE INDEX ix_usage_account_id_started_at ON usage (account_id, started_at);

CREATE INDEX ix_usage_site_id_started_at ON usage (site_id, started_at);
