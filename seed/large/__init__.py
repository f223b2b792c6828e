"""A large tenant: 10,000 sites, 50,000 accounts and 60 months, made and written account by account."""
