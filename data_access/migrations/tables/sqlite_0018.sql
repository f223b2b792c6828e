-- Tables of revision 0018 on SQLite. Frozen: change the schema by a new revision.
CREATE TABLE account_totals (
  id INTEGER NOT NULL,
  account_id INTEGER NOT NULL,
  site_id INTEGER NOT NULL,
  currency TEXT NOT NULL,
  due_on TEXT,
  open_amount INTEGER DEFAULT '0' NOT NULL,
  bills INTEGER DEFAULT '0' NOT NULL,
  flagged INTEGER DEFAULT '0' NOT NULL,
  owed INTEGER DEFAULT '0' NOT NULL,
  CONSTRAINT pk_account_totals PRIMARY KEY (id),
  CONSTRAINT fk_account_totals_account_id_site_id FOREIGN KEY(account_id, site_id) REFERENCES accounts (id, site_id) ON UPDATE CASCADE DEFERRABLE
) STRICT;

CREATE INDEX ix_account_totals_account_id ON account_totals (account_id);

CREATE INDEX ix_account_totals_covering ON account_totals (currency, site_id, account_id, due_on, open_amount, owed, bills, flagged);

CREATE INDEX ix_invoices_open_due ON invoices (kind, due_on, id, number) WHERE settled < amount;

CREATE INDEX ix_invoices_open_left ON invoices (kind, (amount - settled), id) WHERE settled < amount;
