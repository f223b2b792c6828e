"""What people write in files, read strictly: amounts, dates, instants, text, phone numbers. Never a guess."""
