-- Tables of revision 0010 on PostgreSQL. Frozen: change the schema by a new revision.
CREATE TABLE vendor_statements (
  id BIGSERIAL NOT NULL,
  account_id BIGINT NOT NULL,
  site_id BIGINT NOT NULL,
  stated_on DATE NOT NULL,
  source VARCHAR NOT NULL,
  batch_id BIGINT,
  CONSTRAINT pk_vendor_statements PRIMARY KEY (id),
  CONSTRAINT uq_vendor_statements_account_id_id UNIQUE (account_id, id),
  CONSTRAINT uq_vendor_statements_account_id_source_stated_on UNIQUE (account_id, source, stated_on),
  CONSTRAINT fk_vendor_statements_account_id_site_id FOREIGN KEY(account_id, site_id) REFERENCES accounts (id, site_id) ON UPDATE CASCADE DEFERRABLE,
  CONSTRAINT fk_vendor_statements_batch_id FOREIGN KEY(batch_id) REFERENCES import_batches (id)
);

CREATE INDEX ix_vendor_statements_stated_on_id ON vendor_statements (stated_on, id);

CREATE TABLE vendor_statement_lines (
  id BIGSERIAL NOT NULL,
  account_id BIGINT NOT NULL,
  site_id BIGINT NOT NULL,
  statement_id BIGINT NOT NULL,
  kind VARCHAR NOT NULL CONSTRAINT ck_vendor_statement_lines_kind CHECK (kind IN ('invoice', 'credit_note', 'payment')),
  number VARCHAR NOT NULL CONSTRAINT ck_vendor_statement_lines_number CHECK (number <> ''),
  issued_on DATE,
  due_on DATE,
  amount BIGINT,
  open_amount BIGINT NOT NULL,
  batch_id BIGINT,
  source VARCHAR,
  external_id VARCHAR,
  import_key VARCHAR,
  CONSTRAINT pk_vendor_statement_lines PRIMARY KEY (id),
  CONSTRAINT uq_vendor_statement_lines_account_id_source_import_key UNIQUE (account_id, source, import_key),
  CONSTRAINT uq_vendor_statement_lines_account_id_id UNIQUE (account_id, id),
  CONSTRAINT ck_vendor_statement_lines_open_amount CHECK (CASE kind WHEN 'invoice' THEN open_amount >= 0 ELSE open_amount <= 0 END),
  CONSTRAINT fk_vendor_statement_lines_account_id_site_id FOREIGN KEY(account_id, site_id) REFERENCES accounts (id, site_id) ON UPDATE CASCADE DEFERRABLE,
  CONSTRAINT fk_vendor_statement_lines_account_id_statement_id FOREIGN KEY(account_id, statement_id) REFERENCES vendor_statements (account_id, id),
  CONSTRAINT fk_vendor_statement_lines_batch_id FOREIGN KEY(batch_id) REFERENCES import_batches (id)
);

CREATE INDEX ix_vendor_statement_lines_account_id_statement_id ON vendor_statement_lines (account_id, statement_id);

CREATE TABLE dispute_events (
  id BIGSERIAL NOT NULL,
  account_id BIGINT NOT NULL,
  site_id BIGINT NOT NULL,
  dispute_id BIGINT NOT NULL,
  kind VARCHAR NOT NULL CONSTRAINT ck_dispute_events_kind CHECK (kind IN ('reply', 'credit', 'note')),
  dated DATE NOT NULL,
  answer VARCHAR DEFAULT '' NOT NULL CONSTRAINT ck_dispute_events_answer CHECK (answer IN ('', 'accepted', 'partly', 'refused')),
  amount BIGINT CONSTRAINT ck_dispute_events_amount CHECK (amount > 0),
  credit_note_id BIGINT,
  text VARCHAR DEFAULT '' NOT NULL,
  recorded_by VARCHAR NOT NULL,
  recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_dispute_events PRIMARY KEY (id),
  CONSTRAINT uq_dispute_events_account_id_id UNIQUE (account_id, id),
  CONSTRAINT ck_dispute_events_replied CHECK ((kind = 'reply') = (answer <> '')),
  CONSTRAINT ck_dispute_events_credited CHECK (kind <> 'credit' OR amount IS NOT NULL),
  CONSTRAINT ck_dispute_events_credit_note CHECK (credit_note_id IS NULL OR kind = 'credit'),
  CONSTRAINT fk_dispute_events_account_id_site_id FOREIGN KEY(account_id, site_id) REFERENCES accounts (id, site_id) ON UPDATE CASCADE DEFERRABLE,
  CONSTRAINT fk_dispute_events_account_id_dispute_id FOREIGN KEY(account_id, dispute_id) REFERENCES disputes (account_id, id),
  CONSTRAINT fk_dispute_events_account_id_credit_note_id FOREIGN KEY(account_id, credit_note_id) REFERENCES invoices (account_id, id)
);

CREATE INDEX ix_dispute_events_account_id_dispute_id ON dispute_events (account_id, dispute_id);

ALTER TABLE disputes ADD COLUMN kind VARCHAR DEFAULT 'bill' NOT NULL CONSTRAINT ck_disputes_kind CHECK (kind IN ('bill', 'late_fee'));
