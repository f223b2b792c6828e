"""Deciding the decimal mark of a file from what all its amounts show."""

from dataclasses import dataclass, field

from domain.parsing.amounts import Mark, is_ambiguous, written_mark


class UndecidedMarkError(ValueError):
    """The file's amounts allow two readings, or contradict each other; the text says what to name."""


@dataclass(slots=True)
class MarkEvidence:
    """What the amounts seen so far prove. `see` each one, then `decide`."""

    proofs: dict[Mark, tuple[int, str]] = field(default_factory=dict)
    doubt: tuple[int, str] | None = None

    def see(self, text: str, line: int) -> None:
        """Take a written amount into account; text that is no amount proves nothing."""
        if text.isdigit():
            return
        mark = written_mark(text)
        if mark is not None:
            self.proofs.setdefault(mark, (line, text))
        elif self.doubt is None and is_ambiguous(text):
            self.doubt = (line, text)

    def decide(self, asked: Mark | None = None) -> Mark:
        """The file's mark: `asked`, else the only one proven. Raises UndecidedMarkError rather than guess."""
        if asked is not None:
            return asked
        if len(self.proofs) > 1:
            (first, one), (second, other) = self.proofs[Mark.POINT], self.proofs[Mark.COMMA]
            raise UndecidedMarkError(
                f"decimals are written with a point on line {first} ({one!r}) and with a comma on line {second} ({other!r}): "
                "name the right one by --decimal point or --decimal comma, and the others are rejected"
            )
        if self.proofs:
            return next(iter(self.proofs))
        if self.doubt is not None:
            line, text = self.doubt
            raise UndecidedMarkError(
                f"line {line}: {text!r} can be read in two ways and no other amount of the file decides it: "
                "say --decimal point or --decimal comma"
            )
        return Mark.POINT
