-- Indexes of revision 0017 on SQLite. Frozen: change the schema by a new revision.
CREATE INDEX ix_payments_amount_id ON payments (amount, id);

CREATE INDEX ix_payments_number ON payments (lower(confirmation_number));

CREATE INDEX ix_payments_unmatched ON payments (posted_on, id) WHERE kind = 'payment' AND matched < amount;

CREATE INDEX ix_payments_unconfirmed ON payments (paid_on, id) WHERE kind = 'payment' AND matched < amount AND length(confirmation_number) = 0 AND (channel = 'phone' OR call_id IS NOT NULL);

CREATE INDEX ix_payments_call ON payments (account_id, call_id) WHERE call_id IS NOT NULL;

CREATE INDEX ix_payments_in_part ON payments (paid_on, id) WHERE matched > 0 AND matched < amount;

CREATE INDEX ix_payments_matched ON payments (paid_on, id) WHERE kind = 'payment' AND matched = amount;

CREATE INDEX ix_matches_decided_at ON matches (decided_at);

CREATE INDEX ix_bank_lines_open ON bank_lines (booked_on, id) WHERE matched < abs(amount);

CREATE INDEX ix_calls_agreed ON calls (started_at) WHERE promised_on IS NOT NULL OR follow_up_on IS NOT NULL;

CREATE INDEX ix_calls_amending ON calls (started_at) WHERE amends_id IS NOT NULL;
