"""Payment card numbers as people write them, and numbers that are none: seeded, made for the tests, of nobody."""

from random import Random

# (prefix, length): Visa, Mastercard, American Express, Diners, Discover, JCB, UnionPay, Maestro.
ISSUERS = [
    ("4", 16),
    ("4", 16),
    ("4", 19),
    ("4", 13),
    ("51", 16),
    ("55", 16),
    ("2221", 16),
    ("2720", 16),
    ("34", 15),
    ("37", 15),
    ("36", 14),
    ("38", 14),
    ("305", 14),
    ("6011", 16),
    ("649", 16),
    ("65", 16),
    ("3528", 16),
    ("3589", 16),
    ("62", 16),
    ("62", 19),
    ("5018", 16),
    ("6759", 18),
    ("6304", 12),
    ("57", 12),
    ("2131", 15),
    ("3505", 16),
]
DASHES = ["-", " - ", "\u2013", "\u2010", "\u2212"]
INVISIBLE = ["\u200b", "\u200d", "\ufeff", "\u2060", "\u00ad"]
SCRIPTS = [
    0xFF10,
    0x0660,
    0x06F0,
    0x0966,
    0x09E6,
    0x1D7CE,
    0x2080,
]  # the zeros of other digits; small ones below the line


def card_number(rng):
    prefix, length = rng.choice(ISSUERS)
    body = prefix + "".join(rng.choices("0123456789", k=length - len(prefix) - 1))
    return next(body + check for check in "0123456789" if luhn(body + check))


def luhn(digits):
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def _groups(digits, by=4):
    return [digits[at : at + by] for at in range(0, len(digits), by)]


def _in_script(rng, digits):
    zero = rng.choice(SCRIPTS)
    return "".join(chr(zero + int(digit)) for digit in digits)


def _circled(digits):
    return "".join("\u24ea" if digit == "0" else chr(0x2460 + int(digit) - 1) for digit in digits)


FORMATS = {
    "plain": lambda _, d: d,
    "spaces": lambda _, d: " ".join(_groups(d)),
    "no-break spaces": lambda _, d: "\u00a0".join(_groups(d)),
    "dashes": lambda r, d: r.choice(DASHES).join(_groups(d)),
    "dots": lambda _, d: ".".join(_groups(d)),
    "slashes": lambda _, d: "/".join(_groups(d)),
    "pluses": lambda _, d: "+".join(_groups(d)),
    "underscores": lambda _, d: "_".join(_groups(d)),
    "commas": lambda _, d: ", ".join(_groups(d)),
    "brackets": lambda _, d: "".join(f"({group})" for group in _groups(d)),
    "line breaks": lambda r, d: r.choice(["\n", "\r\n", "\n  ", "\u2028"]).join(_groups(d)),
    "tabs": lambda _, d: "\t".join(_groups(d)),
    "uneven groups": lambda _, d: f"{d[:4]} {d[4:10]} {d[10:]}",
    "mixed marks": lambda r, d: "".join(f"{digit}{r.choice(['', '', ' ', '-', '.'])}" for digit in d),
    "one by one": lambda _, d: " ".join(d),
    "one by one, dashed": lambda _, d: "-".join(d),
    "invisible marks": lambda r, d: "".join(f"{digit}{r.choice(INVISIBLE)}" for digit in d),
    "other digits": _in_script,
    "other digits, spaced": lambda r, d: " ".join(_groups(_in_script(r, d))),
    "circled": lambda _, d: _circled(d),
    "keycaps": lambda _, d: "".join(f"{digit}\ufe0f\u20e3" for digit in d),
    "glued to letters": lambda _, d: f"card{d}visa",
    "expiry and code": lambda r, d: (
        f"{' '.join(_groups(d))} {r.randint(1, 12):02d}/{r.randint(27, 33)} {r.randint(0, 999):03d}"
    ),
    "glued expiry and code": lambda r, d: (
        f"{d}{r.randint(1, 12):02d}{r.randint(27, 33)}{r.randint(0, 999):03d}" if len(d) > 14 else d
    ),
    "code with words": lambda r, d: f"{d} exp {r.randint(1, 12):02d}/{r.randint(27, 33)} cvv {r.randint(0, 999):03d}",
    "a date before it": lambda r, d: f"2026-11-{r.randint(10, 28)} {d}",
    "quoted": lambda _, d: f"'{d}'",
}
AROUND = [
    "{}",
    "Paid with {}.",
    "card no {} on file",
    "Dana read back {}, asked to call again on Monday",
    "zahlte mit Karte {} über die Hotline",
    "Kartennr.:{}",
    "客户卡号{}已付款",
]


def written_cards(count, seed):
    """(format, digits, text) of `count` card numbers, every format in turn."""
    rng = Random(seed)
    names = list(FORMATS)
    cards = []
    for n in range(count):
        digits = card_number(rng)
        cards.append(
            (names[n % len(names)], digits, rng.choice(AROUND).format(FORMATS[names[n % len(names)]](rng, digits)))
        )
    return cards


ACCOUNT_SHAPES = [
    "#########",
    "##########",
    "###########",
    "############",
    "#############",
    "###-###-####",
    "###-###-####-###",
    "### ### ####",
    "####-####-##",
    "####-######",
    "### ### ### ###",
    "##.###.###.##",
    "AC########",
    "BT-#########",
    "HN-#######",
    "GB ## #### ####",
    "M###########",
    "##########/01",
    "################",
    "#### #### #### ####",
    "####-####-####-####",
    "8#######-########",
]
MENTIONS = ["{}", "account {}", "Asked about acct# {} and the late fee", "Konto {}", "acct {}, spoke to Sam on 12 May"]


def account_numbers(count, seed):
    """Numbers of accounts as telecoms write them: 9 to 13 digits or 16, with and without separators and letters."""
    rng = Random(seed)
    shapes = [ACCOUNT_SHAPES[n % len(ACCOUNT_SHAPES)] for n in range(count)]
    return ["".join(rng.choice("0123456789") if mark == "#" else mark for mark in shape) for shape in shapes]


def mentioned(numbers, seed):
    """Each of them in a note."""
    rng = Random(seed)
    return [rng.choice(MENTIONS).format(number) for number in numbers]
