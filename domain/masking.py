"""What is shown of an account number."""

SHOWN = 4


def masked(account_number: str) -> str:
    """The last four letters and digits behind a bullet mark; of a shorter number no more than the last half.

    Separators do not count: of 0266-538-57 the last four are 3857.
    """
    marks = "".join(mark for mark in account_number if mark.isalnum())
    keep = min(SHOWN, len(marks) // 2)
    return "••••" + (marks[-keep:] if keep else "")
