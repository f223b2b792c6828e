-- Tables of revision 0005 on SQLite. Frozen: change the schema by a new revision.
CREATE TABLE bank_statements (
  id INTEGER NOT NULL,
  bank_account TEXT NOT NULL CONSTRAINT ck_bank_statements_bank_account CHECK (bank_account <> ''),
  kind TEXT NOT NULL CONSTRAINT ck_bank_statements_kind CHECK (kind IN ('bank', 'card')),
  currency TEXT NOT NULL CONSTRAINT ck_bank_statements_currency CHECK (length(currency) = 3),
  period_start TEXT NOT NULL,
  period_end TEXT NOT NULL,
  opening INTEGER NOT NULL,
  closing INTEGER NOT NULL,
  source TEXT NOT NULL,
  batch_id INTEGER,
  CONSTRAINT pk_bank_statements PRIMARY KEY (id),
  CONSTRAINT ck_bank_statements_period CHECK (period_start < period_end),
  CONSTRAINT fk_bank_statements_batch_id FOREIGN KEY(batch_id) REFERENCES import_batches (id)
) STRICT;

CREATE INDEX ix_bank_statements_period_end ON bank_statements (period_end);

CREATE TABLE bank_lines (
  id INTEGER NOT NULL,
  statement_id INTEGER NOT NULL,
  booked_on TEXT NOT NULL,
  amount INTEGER NOT NULL CONSTRAINT ck_bank_lines_amount CHECK (amount <> 0),
  currency TEXT NOT NULL,
  reference TEXT DEFAULT '' NOT NULL,
  description TEXT DEFAULT '' NOT NULL,
  import_key TEXT NOT NULL,
  CONSTRAINT pk_bank_lines PRIMARY KEY (id),
  CONSTRAINT uq_bank_lines_statement_id_import_key UNIQUE (statement_id, import_key),
  CONSTRAINT fk_bank_lines_statement_id FOREIGN KEY(statement_id) REFERENCES bank_statements (id)
) STRICT;

CREATE INDEX ix_bank_lines_booked_on_id ON bank_lines (booked_on, id);

CREATE TABLE matches (
  id INTEGER NOT NULL,
  account_id INTEGER NOT NULL,
  site_id INTEGER NOT NULL,
  payment_id INTEGER NOT NULL,
  bank_line_id INTEGER NOT NULL,
  amount INTEGER NOT NULL CONSTRAINT ck_matches_amount CHECK (amount > 0),
  score INTEGER CONSTRAINT ck_matches_score CHECK (score BETWEEN 0 AND 1000),
  decided_by TEXT NOT NULL,
  decided_at TEXT NOT NULL,
  undoes_id INTEGER,
  CONSTRAINT pk_matches PRIMARY KEY (id),
  CONSTRAINT uq_matches_account_id_id UNIQUE (account_id, id),
  CONSTRAINT fk_matches_account_id_site_id FOREIGN KEY(account_id, site_id) REFERENCES accounts (id, site_id) ON UPDATE CASCADE DEFERRABLE,
  CONSTRAINT fk_matches_account_id_payment_id FOREIGN KEY(account_id, payment_id) REFERENCES payments (account_id, id),
  CONSTRAINT uq_matches_account_id_undoes_id UNIQUE (account_id, undoes_id),
  CONSTRAINT fk_matches_account_id_undoes_id FOREIGN KEY(account_id, undoes_id) REFERENCES matches (account_id, id),
  CONSTRAINT fk_matches_bank_line_id FOREIGN KEY(bank_line_id) REFERENCES bank_lines (id)
) STRICT;

CREATE INDEX ix_matches_account_id_payment_id ON matches (account_id, payment_id);

CREATE INDEX ix_matches_bank_line_id ON matches (bank_line_id);
