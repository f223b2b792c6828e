"""How payments are called on the screen: methods, channels, statuses and kinds, each in one table."""

from data_access.queries.payments import PaymentRow
from ui.formats import escape

METHODS = {
    "ach": "ACH",
    "autopay": "Autopay",
    "card": "Card",
    "cheque": "Cheque",
    "e-check": "E-check",
    "transfer": "Transfer",
    "": "No method",
}
CHANNELS = {"": "No channel"}
STATUSES = {
    "posted": ("Posted", ""),
    "pending": (":material/schedule: Pending", "gray"),
    "returned": (":material/error: Returned", "red"),
    "void": (":material/block: Void", "gray"),
}
# What the status filter offers: label -> the statuses that it keeps.
STATUS_CHOICES = {"Posted": ("posted",), "Pending": ("pending",), "Came back": ("returned", "void")}
OTHER = "Other"


def method_name(method: str) -> str:
    """Card, ACH; a method that other programs wrote is shown as it is, with a capital."""
    return METHODS.get(method) or method[:1].upper() + method[1:]


def channel_name(channel: str) -> str:
    """Phone, Portal."""
    return CHANNELS.get(channel) or channel[:1].upper() + channel[1:]


def named(split: str, value: str) -> str:
    """The name of a method or a channel."""
    return method_name(value) if split == "method" else channel_name(value)


def how(payment: PaymentRow) -> str:
    """Card by phone; a channel that says no more than the method is left out."""
    parts = [method_name(payment.method)] if payment.method else []
    if payment.channel and payment.channel != payment.method:
        parts.append(f"by {payment.channel}" if parts else channel_name(payment.channel))
    return escape(" ".join(parts))


def status_badge(payment: PaymentRow) -> str:
    """A badge where somebody should look, plain text where all is well; a reversal or a refund is named."""
    if payment.kind == "reversal":
        return ":red-badge[:material/undo: Return]"
    if payment.kind == "refund":
        return ":gray-badge[:material/undo: Refund]"
    words, colour = STATUSES.get(payment.status, (payment.status, "gray"))
    return f":{colour}-badge[{words}]" if colour else words
