"""The cash plan: which bills to pay when, so that late fees, restoral and lost service cost the least on given cash."""
