"""What can be imported of banks: the columns that a table of a bank's lines may have, and that every bank format is read to."""

from data_access.importers.fields import EXTERNAL_ID, Field, Form, Kind, words

KINDS_OF_BANKS = (
    Kind(
        "bank",
        (
            Field("bank_account", Form.IDENTIFIER, needed=True, limit=64),
            Field("currency", Form.CURRENCY),
            Field("part", limit=16),  # tells statements apart that have one reference, or none
            Field("statement"),
            Field("kind", Form.CHOICE, choices=(*words("bank", "card"), ("credit_card", "card"))),
            Field("opening", Form.AMOUNT),
            Field("closing", Form.AMOUNT),
            Field("period_start", Form.DATE),
            Field("period_end", Form.DATE),
            Field("booked_on", Form.DATE, needed=True),
            Field("value_on", Form.DATE),
            Field("amount", Form.AMOUNT),  # money out is negative; or in two columns:
            Field("debit", Form.AMOUNT),
            Field("credit", Form.AMOUNT),
            Field("counterparty"),
            Field("description", limit=1000),
            Field("reference"),
            Field("check_number", limit=64),
            EXTERNAL_ID,
        ),
        either=("amount", "debit", "credit", "closing"),
    ),
)
