"""What an import is told besides its file."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from data_access.importers.errors import ImportRefusedError, ImportUsageError
from data_access.importers.fields import Kind
from data_access.importers.kinds import KINDS
from data_access.importers.naming import near
from data_access.scope import Scope, require
from domain.card_numbers import card_numbers, refusal
from domain.masking import masked_values
from domain.parsing.amounts import Mark
from domain.parsing.dates import Order
from domain.parsing.file_names import check_file_name
from domain.parsing.text import TextError

# One source for every file unless told otherwise: a copy under another name is still the same file.
DEFAULT_SOURCE = "file"
_LONGEST_SOURCE = 100


@dataclass(frozen=True, slots=True)
class Options:
    """How to read a file, what to make of it, and on whose behalf.

    columns: {field: the file's column}; constants: {field: text for every row}. scope: rows of other sites are rejected.
    reversed_signs: the bank writes what was spent, and what is owed, as positive amounts.
    file_name: the name to keep, where the path is only a temporary one.
    """

    scope: Scope
    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    source: str = DEFAULT_SOURCE
    date_order: Order | None = None
    decimal: Mark | None = None
    sheet: str = ""
    create_missing: bool = False
    allocate_oldest: bool = False
    paid: bool = False
    file_name: str = ""
    accept_envelope: bool = False
    reversed_signs: bool = False

    def as_text(self) -> str:
        """JSON for the batch's row: everything that changes what a file means, an account's number masked."""
        kept = {
            "columns": dict(self.columns),
            "constants": masked_values(self.constants),
            "date_order": self.date_order,
            "decimal": self.decimal,
            "sheet": self.sheet,
            "create_missing": self.create_missing,
            "allocate": "oldest" if self.allocate_oldest else "",
            "paid": self.paid,
            "accept_envelope": self.accept_envelope,
            "reversed_signs": self.reversed_signs,
        }
        return json.dumps({name: value for name, value in kept.items() if value}, sort_keys=True, ensure_ascii=False)


def kind_named(name: str) -> Kind:
    """The kind of that name; raises ImportUsageError listing them."""
    if name not in KINDS:
        raise ImportUsageError(f"{name!r} cannot be imported; choose one of: {', '.join(KINDS)}")
    return KINDS[name]


def parse_maps(kind: Kind, texts: Sequence[str]) -> tuple[dict[str, str], dict[str, str]]:
    """(columns, constants) from 'field=column' and 'field==text'. Raises ImportUsageError."""
    columns: dict[str, str] = {}
    constants: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        name = name.strip()
        target = constants if value.startswith("=") else columns
        value = value.removeprefix("=").strip()
        if not equals or not name or not value:
            raise ImportUsageError(f"--map {text!r} is not field=column or field==text")
        if kind.field(name) is None:
            names = [field.name for field in kind.fields]
            raise ImportUsageError(
                f"--map {text!r}: {kind.name} has no field {name!r}{near(name, names)}; it has: {', '.join(names)}"
            )
        if name in columns or name in constants:
            raise ImportUsageError(f"--map names the field {name!r} twice")
        target[name] = value
    return columns, constants


def check_options(kind: Kind, options: Options) -> None:
    """Raise ImportUsageError for options that this kind has no use for, ScopeRequiredError for none."""
    require(options.scope)
    check_name(options)
    if options.paid and kind.name not in ("charges", "invoices"):
        raise ImportUsageError(f"--paid records bills as paid; {kind.name} has none (charges and invoices have)")
    if options.accept_envelope and not kind.wire:
        raise ImportUsageError(f"--accept-envelope is for edi; {kind.name} has no envelope")
    if options.reversed_signs and kind.name != "bank":
        raise ImportUsageError(f"--reversed-signs is for bank; {kind.name} has no money in and out")
    if options.allocate_oldest and kind.name != "payments":
        raise ImportUsageError(f"--allocate oldest applies payments; {kind.name} has none")
    if not options.source.strip() or len(options.source) > _LONGEST_SOURCE:
        raise ImportUsageError(f"--source needs 1 to {_LONGEST_SOURCE} characters")
    kept = {"--source": options.source, "--sheet": options.sheet}
    kept |= {f"--map {name}": text for name, text in masked_values({**options.columns, **options.constants}).items()}
    for option, text in kept.items():
        if found := card_numbers(text):
            raise ImportUsageError(f"{option}: {refusal(found[0].last_two)}")


def check_name(options: Options) -> None:
    """Raise ImportRefusedError for the name of an upload that is a path or hides what it is."""
    try:
        if options.file_name:
            check_file_name(options.file_name)
    except TextError as error:
        raise ImportRefusedError(str(error)) from None
