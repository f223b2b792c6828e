ALTER TABLE payments ADD COLUMN matched INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_payments_matched CHECK (matched BETWEEN 0 AND amount);

ALTER TABLE bank_lines ADD COLUMN matched INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_bank_lines_matched CHECK (matched BETWEEN 0 AND abs(amount));

ALTER TABLE matches ADD COLUMN reasons TEXT DEFAULT '' NOT NULL;

CREATE TABLE bank_line_decisions (
  id INTEGER NOT NULL,
  bank_line_id INTEGER NOT NULL,
  reason TEXT NOT NULL CONSTRAINT ck_bank_line_decisions_reason CHECK (reason IN ('bank fee', 'interest', 'transfer', 'not a vendor payment', 'refund or return', 'other')),
  note TEXT DEFAULT '' NOT NULL,
  decided_by TEXT NOT NULL,
  decided_at TEXT NOT NULL,
  undoes_id INTEGER,
  CONSTRAINT pk_bank_line_decisions PRIMARY KEY (id),
  CONSTRAINT fk_bank_line_decisions_bank_line_id FOREIGN KEY(bank_line_id) REFERENCES bank_lines (id),
  CONSTRAINT uq_bank_line_decisions_undoes_id UNIQUE (undoes_id),
  CONSTRAINT fk_bank_line_decisions_undoes_id FOREIGN KEY(undoes_id) REFERENCES bank_line_decisions (id)
) STRICT;

CREATE INDEX ix_bank_line_decisions_bank_line_id ON bank_line_decisions (bank_line_id);

CREATE TABLE match_aliases (
  id INTEGER NOT NULL,
  bank_account TEXT NOT NULL,
  words TEXT NOT NULL CONSTRAINT ck_match_aliases_words CHECK (words <> ''),
  vendor_id INTEGER,
  reason TEXT DEFAULT '' NOT NULL,
  bank_line_id INTEGER NOT NULL,
  decided_by TEXT NOT NULL,
  decided_at TEXT NOT NULL,
  undoes_id INTEGER,
  CONSTRAINT pk_match_aliases PRIMARY KEY (id),
  CONSTRAINT ck_match_aliases_one_meaning CHECK ((vendor_id IS NULL) <> (reason = '')),
  CONSTRAINT fk_match_aliases_vendor_id FOREIGN KEY(vendor_id) REFERENCES vendors (id),
  CONSTRAINT fk_match_aliases_bank_line_id FOREIGN KEY(bank_line_id) REFERENCES bank_lines (id),
  CONSTRAINT uq_match_aliases_undoes_id UNIQUE (undoes_id),
  CONSTRAINT fk_match_aliases_undoes_id FOREIGN KEY(undoes_id) REFERENCES match_aliases (id)
) STRICT;

CREATE INDEX ix_match_aliases_bank_line_id ON match_aliases (bank_line_id);
