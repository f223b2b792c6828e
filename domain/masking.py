"""What is shown of an account number."""

SHOWN = 4


def masked(account_number: str) -> str:
    """The last four characters behind a bullet mark; of a shorter number no more than the last half."""
    keep = min(SHOWN, len(account_number) // 2)
    return "••••" + (account_number[-keep:] if keep else "")
