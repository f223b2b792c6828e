-- Tables of revision 0001 on SQLite. Frozen: change the schema by a new revision.
CREATE TABLE audit_log (
  seq INTEGER NOT NULL CONSTRAINT ck_audit_log_seq CHECK (seq >= 1),
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  entity TEXT NOT NULL,
  entity_id INTEGER,
  site_id INTEGER,
  "before" TEXT,
  "after" TEXT,
  prev_hash TEXT NOT NULL,
  hash TEXT NOT NULL,
  CONSTRAINT pk_audit_log PRIMARY KEY (seq),
  CONSTRAINT uq_audit_log_hash UNIQUE (hash)
) STRICT;

CREATE INDEX ix_audit_log_entity_entity_id ON audit_log (entity, entity_id);

CREATE INDEX ix_audit_log_site_id_seq ON audit_log (site_id, seq);

CREATE TABLE fx_rates (
  id INTEGER NOT NULL,
  currency TEXT NOT NULL,
  quote TEXT NOT NULL,
  on_date TEXT NOT NULL,
  rate_e9 INTEGER NOT NULL CONSTRAINT ck_fx_rates_rate CHECK (rate_e9 > 0),
  rate_source TEXT DEFAULT '' NOT NULL,
  CONSTRAINT pk_fx_rates PRIMARY KEY (id),
  CONSTRAINT uq_fx_rates_currency_quote_on_date UNIQUE (currency, quote, on_date)
) STRICT;

CREATE TABLE import_batches (
  id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  source TEXT NOT NULL,
  file_name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  rows_read INTEGER NOT NULL,
  added INTEGER NOT NULL,
  duplicate INTEGER NOT NULL,
  rejected INTEGER NOT NULL,
  options TEXT DEFAULT '{}' NOT NULL,
  actor TEXT NOT NULL,
  imported_at TEXT NOT NULL,
  CONSTRAINT pk_import_batches PRIMARY KEY (id),
  CONSTRAINT ck_import_batches_counts CHECK (rows_read = added + duplicate + rejected)
) STRICT;

CREATE INDEX ix_import_batches_imported_at ON import_batches (imported_at);

CREATE TABLE sites (
  id INTEGER NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  region TEXT DEFAULT '' NOT NULL,
  country TEXT DEFAULT '' NOT NULL,
  city TEXT DEFAULT '' NOT NULL,
  timezone TEXT DEFAULT 'UTC' NOT NULL,
  cost_center TEXT DEFAULT '' NOT NULL,
  headcount INTEGER CONSTRAINT ck_sites_headcount CHECK (headcount >= 0),
  latitude REAL,
  longitude REAL,
  CONSTRAINT pk_sites PRIMARY KEY (id),
  CONSTRAINT uq_sites_code UNIQUE (code)
) STRICT;

CREATE TABLE users (
  id INTEGER NOT NULL,
  issuer TEXT,
  subject TEXT,
  email TEXT NOT NULL,
  name TEXT DEFAULT '' NOT NULL,
  role TEXT NOT NULL CONSTRAINT ck_users_role CHECK (role IN ('viewer', 'finance', 'admin')),
  disabled INTEGER DEFAULT 0 NOT NULL,
  CONSTRAINT pk_users PRIMARY KEY (id),
  CONSTRAINT uq_users_issuer_subject UNIQUE (issuer, subject),
  CONSTRAINT uq_users_email UNIQUE (email)
) STRICT;

CREATE TABLE vendors (
  id INTEGER NOT NULL,
  name TEXT NOT NULL,
  website TEXT DEFAULT '' NOT NULL,
  portal_url TEXT DEFAULT '' NOT NULL,
  CONSTRAINT pk_vendors PRIMARY KEY (id),
  CONSTRAINT uq_vendors_name UNIQUE (name)
) STRICT;

CREATE TABLE accounts (
  id INTEGER NOT NULL,
  vendor_id INTEGER NOT NULL,
  account_number TEXT NOT NULL,
  site_id INTEGER NOT NULL,
  service_type TEXT DEFAULT '' NOT NULL,
  currency TEXT NOT NULL CONSTRAINT ck_accounts_currency CHECK (length(currency) = 3),
  terms_days INTEGER DEFAULT '30' NOT NULL CONSTRAINT ck_accounts_terms CHECK (terms_days >= 0),
  opened_on TEXT,
  closed_on TEXT,
  autopay_method TEXT DEFAULT '' NOT NULL,
  autopay_expires_on TEXT,
  CONSTRAINT pk_accounts PRIMARY KEY (id),
  CONSTRAINT uq_accounts_vendor_id_account_number UNIQUE (vendor_id, account_number),
  CONSTRAINT uq_accounts_id_site_id UNIQUE (id, site_id),
  CONSTRAINT fk_accounts_vendor_id FOREIGN KEY(vendor_id) REFERENCES vendors (id),
  CONSTRAINT fk_accounts_site_id FOREIGN KEY(site_id) REFERENCES sites (id)
) STRICT;

CREATE INDEX ix_accounts_site_id ON accounts (site_id);

CREATE TABLE grants (
  id INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  site_id INTEGER,
  region TEXT,
  CONSTRAINT pk_grants PRIMARY KEY (id),
  CONSTRAINT ck_grants_one_of CHECK ((site_id IS NULL) <> (region IS NULL)),
  CONSTRAINT uq_grants_user_id_site_id UNIQUE (user_id, site_id),
  CONSTRAINT uq_grants_user_id_region UNIQUE (user_id, region),
  CONSTRAINT fk_grants_user_id FOREIGN KEY(user_id) REFERENCES users (id),
  CONSTRAINT fk_grants_site_id FOREIGN KEY(site_id) REFERENCES sites (id)
) STRICT;

CREATE TABLE import_rejects (
  id INTEGER NOT NULL,
  batch_id INTEGER NOT NULL,
  line INTEGER NOT NULL,
  column_name TEXT DEFAULT '' NOT NULL,
  value TEXT DEFAULT '' NOT NULL,
  reason TEXT NOT NULL,
  row_text TEXT DEFAULT '{}' NOT NULL,
  CONSTRAINT pk_import_rejects PRIMARY KEY (id),
  CONSTRAINT fk_import_rejects_batch_id FOREIGN KEY(batch_id) REFERENCES import_batches (id)
) STRICT;

CREATE INDEX ix_import_rejects_batch_id_line ON import_rejects (batch_id, line);

CREATE TABLE calls (
  id INTEGER NOT NULL,
  account_id INTEGER NOT NULL,
  site_id INTEGER NOT NULL,
  started_at TEXT NOT NULL,
  number TEXT DEFAULT '' NOT NULL,
  direction TEXT DEFAULT 'outbound' NOT NULL CONSTRAINT ck_calls_direction CHECK (direction IN ('outbound', 'inbound')),
  duration_s INTEGER CONSTRAINT ck_calls_duration CHECK (duration_s >= 0),
  agent TEXT DEFAULT '' NOT NULL,
  caller TEXT DEFAULT '' NOT NULL,
  caller_verified TEXT DEFAULT 'unknown' NOT NULL CONSTRAINT ck_calls_verified CHECK (caller_verified IN ('yes', 'no', 'unknown')),
  purpose TEXT DEFAULT '' NOT NULL,
  billing_period TEXT DEFAULT '' NOT NULL,
  outcome TEXT DEFAULT '' NOT NULL,
  confirmation_number TEXT DEFAULT '' NOT NULL,
  promised_on TEXT,
  follow_up_on TEXT,
  notes TEXT DEFAULT '' NOT NULL,
  amends_id INTEGER,
  batch_id INTEGER,
  source TEXT,
  external_id TEXT,
  import_key TEXT,
  CONSTRAINT pk_calls PRIMARY KEY (id),
  CONSTRAINT uq_calls_account_id_source_import_key UNIQUE (account_id, source, import_key),
  CONSTRAINT uq_calls_account_id_id UNIQUE (account_id, id),
  CONSTRAINT fk_calls_account_id_site_id FOREIGN KEY(account_id, site_id) REFERENCES accounts (id, site_id) ON UPDATE CASCADE DEFERRABLE,
  CONSTRAINT fk_calls_account_id_amends_id FOREIGN KEY(account_id, amends_id) REFERENCES calls (account_id, id),
  CONSTRAINT uq_calls_account_id_amends_id UNIQUE (account_id, amends_id),
  CONSTRAINT fk_calls_batch_id FOREIGN KEY(batch_id) REFERENCES import_batches (id)
) STRICT;

CREATE INDEX ix_calls_confirmation_number ON calls (confirmation_number);

CREATE INDEX ix_calls_site_id_started_at ON calls (site_id, started_at);

CREATE INDEX ix_calls_started_at_id ON calls (started_at, id);

CREATE TABLE invoices (
  id INTEGER NOT NULL,
  account_id INTEGER NOT NULL,
  site_id INTEGER NOT NULL,
  number TEXT NOT NULL,
  part INTEGER DEFAULT '1' NOT NULL CONSTRAINT ck_invoices_part CHECK (part >= 1),
  kind TEXT NOT NULL CONSTRAINT ck_invoices_kind CHECK (kind IN ('invoice', 'credit_note')),
  issued_on TEXT NOT NULL,
  due_on TEXT,
  period_start TEXT,
  period_end TEXT,
  amount INTEGER NOT NULL CONSTRAINT ck_invoices_amount CHECK (amount > 0),
  amount_from TEXT DEFAULT 'bill' NOT NULL CONSTRAINT ck_invoices_amount_from CHECK (amount_from IN ('bill', 'lines')),
  settled INTEGER DEFAULT '0' NOT NULL,
  reverses_id INTEGER,
  batch_id INTEGER,
  source TEXT,
  external_id TEXT,
  import_key TEXT,
  CONSTRAINT pk_invoices PRIMARY KEY (id),
  CONSTRAINT uq_invoices_account_id_source_import_key UNIQUE (account_id, source, import_key),
  CONSTRAINT uq_invoices_account_id_id UNIQUE (account_id, id),
  CONSTRAINT fk_invoices_account_id_site_id FOREIGN KEY(account_id, site_id) REFERENCES accounts (id, site_id) ON UPDATE CASCADE DEFERRABLE,
  CONSTRAINT ck_invoices_settled CHECK (settled BETWEEN 0 AND amount),
  CONSTRAINT ck_invoices_period CHECK (period_start < period_end),
  CONSTRAINT ck_invoices_reverses CHECK (reverses_id IS NULL OR kind = 'credit_note'),
  CONSTRAINT uq_invoices_account_id_kind_number_part UNIQUE (account_id, kind, number, part),
  CONSTRAINT uq_invoices_account_id_reverses_id UNIQUE (account_id, reverses_id),
  CONSTRAINT fk_invoices_account_id_reverses_id FOREIGN KEY(account_id, reverses_id) REFERENCES invoices (account_id, id),
  CONSTRAINT fk_invoices_batch_id FOREIGN KEY(batch_id) REFERENCES import_batches (id)
) STRICT;

CREATE INDEX ix_invoices_due_on ON invoices (due_on);

CREATE INDEX ix_invoices_issued_on_id ON invoices (issued_on, id);

CREATE INDEX ix_invoices_open ON invoices (account_id, due_on) WHERE settled < amount;

CREATE INDEX ix_invoices_site_id_issued_on ON invoices (site_id, issued_on);

CREATE TABLE services (
  id INTEGER NOT NULL,
  account_id INTEGER NOT NULL,
  site_id INTEGER NOT NULL,
  identifier TEXT NOT NULL,
  service_type TEXT DEFAULT '' NOT NULL,
  description TEXT DEFAULT '' NOT NULL,
  criticality INTEGER DEFAULT '3' NOT NULL CONSTRAINT ck_services_criticality CHECK (criticality BETWEEN 1 AND 5),
  monthly_charge INTEGER CONSTRAINT ck_services_monthly_charge CHECK (monthly_charge >= 0),
  started_on TEXT,
  ended_on TEXT,
  contract_ends_on TEXT,
  notice_days INTEGER,
  CONSTRAINT pk_services PRIMARY KEY (id),
  CONSTRAINT uq_services_account_id_identifier UNIQUE (account_id, identifier),
  CONSTRAINT fk_services_account_id FOREIGN KEY(account_id) REFERENCES accounts (id),
  CONSTRAINT fk_services_site_id FOREIGN KEY(site_id) REFERENCES sites (id)
) STRICT;

CREATE INDEX ix_services_site_id ON services (site_id);

CREATE TABLE charges (
  id INTEGER NOT NULL,
  account_id INTEGER NOT NULL,
  site_id INTEGER NOT NULL,
  invoice_id INTEGER NOT NULL,
  line TEXT DEFAULT '' NOT NULL,
  type TEXT DEFAULT 'recurring' NOT NULL,
  description TEXT DEFAULT '' NOT NULL,
  amount INTEGER NOT NULL,
  issued_on TEXT NOT NULL,
  chargeback_site_id INTEGER,
  batch_id INTEGER,
  source TEXT,
  external_id TEXT,
  import_key TEXT,
  CONSTRAINT pk_charges PRIMARY KEY (id),
  CONSTRAINT uq_charges_account_id_source_import_key UNIQUE (account_id, source, import_key),
  CONSTRAINT uq_charges_account_id_id UNIQUE (account_id, id),
  CONSTRAINT fk_charges_account_id_site_id FOREIGN KEY(account_id, site_id) REFERENCES accounts (id, site_id) ON UPDATE CASCADE DEFERRABLE,
  CONSTRAINT ck_charges_type CHECK (type IN ('recurring', 'usage', 'one_time', 'tax', 'fee', 'late_fee', 'credit', 'adjustment')),
  CONSTRAINT fk_charges_account_id_invoice_id FOREIGN KEY(account_id, invoice_id) REFERENCES invoices (account_id, id),
  CONSTRAINT fk_charges_chargeback_site_id FOREIGN KEY(chargeback_site_id) REFERENCES sites (id),
  CONSTRAINT fk_charges_batch_id FOREIGN KEY(batch_id) REFERENCES import_batches (id)
) STRICT;

CREATE INDEX ix_charges_account_id_invoice_id ON charges (account_id, invoice_id);

CREATE INDEX ix_charges_chargeback ON charges (chargeback_site_id) WHERE chargeback_site_id IS NOT NULL;

CREATE TABLE disputes (
  id INTEGER NOT NULL,
  account_id INTEGER NOT NULL,
  site_id INTEGER NOT NULL,
  invoice_id INTEGER NOT NULL,
  amount INTEGER NOT NULL CONSTRAINT ck_disputes_amount CHECK (amount > 0),
  reason TEXT DEFAULT '' NOT NULL,
  opened_on TEXT NOT NULL,
  closed_on TEXT,
  outcome TEXT DEFAULT '' NOT NULL,
  batch_id INTEGER,
  source TEXT,
  external_id TEXT,
  import_key TEXT,
  CONSTRAINT pk_disputes PRIMARY KEY (id),
  CONSTRAINT uq_disputes_account_id_source_import_key UNIQUE (account_id, source, import_key),
  CONSTRAINT uq_disputes_account_id_id UNIQUE (account_id, id),
  CONSTRAINT fk_disputes_account_id_site_id FOREIGN KEY(account_id, site_id) REFERENCES accounts (id, site_id) ON UPDATE CASCADE DEFERRABLE,
  CONSTRAINT ck_disputes_closed CHECK (closed_on >= opened_on),
  CONSTRAINT fk_disputes_account_id_invoice_id FOREIGN KEY(account_id, invoice_id) REFERENCES invoices (account_id, id),
  CONSTRAINT fk_disputes_batch_id FOREIGN KEY(batch_id) REFERENCES import_batches (id)
) STRICT;

CREATE INDEX ix_disputes_account_id_invoice_id ON disputes (account_id, invoice_id);

CREATE TABLE payments (
  id INTEGER NOT NULL,
  account_id INTEGER NOT NULL,
  site_id INTEGER NOT NULL,
  kind TEXT DEFAULT 'payment' NOT NULL CONSTRAINT ck_payments_kind CHECK (kind IN ('payment', 'refund', 'reversal')),
  paid_on TEXT NOT NULL,
  posted_on TEXT,
  amount INTEGER NOT NULL CONSTRAINT ck_payments_amount CHECK (amount > 0),
  method TEXT DEFAULT '' NOT NULL,
  channel TEXT DEFAULT '' NOT NULL,
  confirmation_number TEXT DEFAULT '' NOT NULL,
  status TEXT NOT NULL CONSTRAINT ck_payments_status CHECK (status IN ('pending', 'posted', 'returned', 'void')),
  allocated INTEGER DEFAULT '0' NOT NULL,
  reversed_on TEXT,
  reverses_id INTEGER,
  call_id INTEGER,
  note TEXT DEFAULT '' NOT NULL,
  batch_id INTEGER,
  source TEXT,
  external_id TEXT,
  import_key TEXT,
  CONSTRAINT pk_payments PRIMARY KEY (id),
  CONSTRAINT uq_payments_account_id_source_import_key UNIQUE (account_id, source, import_key),
  CONSTRAINT uq_payments_account_id_id UNIQUE (account_id, id),
  CONSTRAINT fk_payments_account_id_site_id FOREIGN KEY(account_id, site_id) REFERENCES accounts (id, site_id) ON UPDATE CASCADE DEFERRABLE,
  CONSTRAINT ck_payments_allocated CHECK (allocated BETWEEN 0 AND amount),
  CONSTRAINT ck_payments_reverses CHECK ((kind = 'reversal') = (reverses_id IS NOT NULL)),
  CONSTRAINT ck_payments_reversed CHECK ((status IN ('returned', 'void')) = (reversed_on IS NOT NULL)),
  CONSTRAINT uq_payments_account_id_reverses_id UNIQUE (account_id, reverses_id),
  CONSTRAINT fk_payments_account_id_reverses_id FOREIGN KEY(account_id, reverses_id) REFERENCES payments (account_id, id),
  CONSTRAINT fk_payments_account_id_call_id FOREIGN KEY(account_id, call_id) REFERENCES calls (account_id, id),
  CONSTRAINT fk_payments_batch_id FOREIGN KEY(batch_id) REFERENCES import_batches (id)
) STRICT;

CREATE INDEX ix_payments_confirmation_number ON payments (confirmation_number);

CREATE INDEX ix_payments_paid_on_id ON payments (paid_on, id);

CREATE INDEX ix_payments_reversed ON payments (reversed_on) WHERE reversed_on IS NOT NULL;

CREATE INDEX ix_payments_site_id_paid_on ON payments (site_id, paid_on);

CREATE INDEX ix_payments_unapplied ON payments (account_id, paid_on) WHERE allocated < amount AND reversed_on IS NULL AND kind <> 'reversal';

CREATE TABLE allocations (
  id INTEGER NOT NULL,
  account_id INTEGER NOT NULL,
  site_id INTEGER NOT NULL,
  payment_id INTEGER,
  credit_note_id INTEGER,
  invoice_id INTEGER,
  refund_id INTEGER,
  amount INTEGER NOT NULL CONSTRAINT ck_allocations_amount CHECK (amount > 0),
  applied_on TEXT NOT NULL,
  reverses_id INTEGER,
  batch_id INTEGER,
  source TEXT,
  external_id TEXT,
  import_key TEXT,
  CONSTRAINT pk_allocations PRIMARY KEY (id),
  CONSTRAINT uq_allocations_account_id_source_import_key UNIQUE (account_id, source, import_key),
  CONSTRAINT uq_allocations_account_id_id UNIQUE (account_id, id),
  CONSTRAINT fk_allocations_account_id_site_id FOREIGN KEY(account_id, site_id) REFERENCES accounts (id, site_id) ON UPDATE CASCADE DEFERRABLE,
  CONSTRAINT ck_allocations_one_source CHECK ((payment_id IS NULL) <> (credit_note_id IS NULL)),
  CONSTRAINT ck_allocations_one_target CHECK ((invoice_id IS NULL) <> (refund_id IS NULL)),
  CONSTRAINT uq_allocations_account_id_reverses_id UNIQUE (account_id, reverses_id),
  CONSTRAINT fk_allocations_account_id_payment_id FOREIGN KEY(account_id, payment_id) REFERENCES payments (account_id, id),
  CONSTRAINT fk_allocations_account_id_credit_note_id FOREIGN KEY(account_id, credit_note_id) REFERENCES invoices (account_id, id),
  CONSTRAINT fk_allocations_account_id_invoice_id FOREIGN KEY(account_id, invoice_id) REFERENCES invoices (account_id, id),
  CONSTRAINT fk_allocations_account_id_refund_id FOREIGN KEY(account_id, refund_id) REFERENCES payments (account_id, id),
  CONSTRAINT fk_allocations_account_id_reverses_id FOREIGN KEY(account_id, reverses_id) REFERENCES allocations (account_id, id),
  CONSTRAINT fk_allocations_batch_id FOREIGN KEY(batch_id) REFERENCES import_batches (id)
) STRICT;

CREATE INDEX ix_allocations_account_id_invoice_id ON allocations (account_id, invoice_id);

CREATE INDEX ix_allocations_account_id_payment_id ON allocations (account_id, payment_id);

CREATE INDEX ix_allocations_applied_on ON allocations (applied_on);

CREATE INDEX ix_allocations_credit ON allocations (account_id, credit_note_id) WHERE credit_note_id IS NOT NULL;

CREATE INDEX ix_allocations_refund ON allocations (account_id, refund_id) WHERE refund_id IS NOT NULL;
