CREATE INDEX ix_charges_late_fee ON charges (account_id, invoice_id) WHERE type = 'late_fee';

CREATE INDEX ix_payments_posted_early ON payments (paid_on, id) WHERE posted_on < paid_on;

CREATE INDEX ix_payments_odd_number ON payments (paid_on, id) WHERE confirmation_number GLOB '*[^0-9A-Za-z]*' AND kind = 'payment' AND matched < amount;

