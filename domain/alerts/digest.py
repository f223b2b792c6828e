"""The digest: what opened and closed since the last one, what is critical and still open, as text and as simple HTML.

Account numbers come in masked. One digest has one name: the same name twice is the same message twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from domain.alerts.catalog import RULES, Severity
from domain.money import Money

MOST = 200  # lines a section: a mail that nobody reads to its end helps nobody


@dataclass(frozen=True, slots=True)
class Line:
    """One alert. subject: site, vendor and masked account. closed_because: '' while it is open. known: acknowledged or owned."""

    rule: str
    subject: str
    amount: int | None = None
    currency: str = ""
    act_by: date | None = None
    since: date | None = None
    known: str = ""
    closed_because: str = ""

    @property
    def text(self) -> str:
        """In one line."""
        rule = RULES[self.rule]
        parts = [f"{rule.id} {rule.title}", self.subject]
        if self.amount is not None:
            parts.append(f"{self.currency} {Money(self.amount, self.currency).decimal:,}")
        if self.closed_because:
            return ": ".join((", ".join(filter(None, parts)), self.closed_because))
        parts += [
            f"act by {self.act_by}" if self.act_by else "",
            f"since {self.since}" if self.since else "",
            self.known,
        ]
        return ", ".join(filter(None, parts))


@dataclass(frozen=True, slots=True)
class Digest:
    """name: of this message. head: the audit trail's last event in one word, '' where there is none. url: of the app."""

    name: str
    day: date
    opened: Sequence[Line]
    closed: Sequence[Line]
    critical: Sequence[Line]
    head: str = ""
    url: str = ""

    @property
    def title(self) -> str:
        """The subject."""
        return f"Duewatch {self.day}: {len(self.opened)} new, {len(self.closed)} closed, {len(self.critical)} critical open"

    def _sections(self) -> list[tuple[str, Sequence[Line]]]:
        new = {s: [line for line in self.opened if RULES[line.rule].severity is s] for s in Severity}
        sections: list[tuple[str, Sequence[Line]]] = [
            (f"New, {severity.value}", lines) for severity, lines in new.items()
        ]
        sections += [("Critical and still open", self.critical), ("Closed", self.closed)]
        return [(f"{title} ({len(lines)})", lines) for title, lines in sections if lines]

    def _foot(self) -> list[str]:
        foot = [f"Digest {self.name}. The same name twice is the same message twice."]
        if self.head:
            foot.append(f"Audit trail head {self.head}")
        return [*([f"All of them: {self.url}"] if self.url else []), *foot]

    def text(self) -> str:
        """Plain text."""
        blocks = []
        for title, lines in self._sections():
            shown = [f"- {line.text}{_next(line)}" for line in lines[:MOST]]
            blocks.append("\n".join([title, *shown, *_more(lines)]))
        return "\n\n".join([*(blocks or ["Nothing new."]), "\n".join(self._foot())]) + "\n"

    def html(self) -> str:
        """Headings and lists, nothing else."""
        parts = []
        for title, lines in self._sections():
            rows = "".join(
                f"<li>{escape(line.text)}<br><small>{escape(_step(line))}</small></li>" for line in lines[:MOST]
            )
            more = "".join(f"<p>{escape(said)}</p>" for said in _more(lines))
            parts.append(f"<h3>{escape(title)}</h3><ul>{rows}</ul>{more}")
        foot = "<br>".join(escape(said) for said in self._foot())
        return "".join(parts or ["<p>Nothing new.</p>"]) + f"<p><small>{foot}</small></p>"


def _step(line: Line) -> str:
    return "" if line.closed_because else RULES[line.rule].next_step


def _next(line: Line) -> str:
    return f"\n  {_step(line)}" if _step(line) else ""


def _more(lines: Sequence[Line]) -> list[str]:
    return [f"and {len(lines) - MOST} more"] if len(lines) > MOST else []
