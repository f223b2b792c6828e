"""Who works here and who answers at the vendor. All invented; the domain cannot exist."""

from random import Random

from seed.books import User
from seed.places import CENTRAL, ISLES, NORTHEAST, SOUTH, WEST
from seed.records import Site

DOMAIN = "calderfinch.example"
REGIONS = (NORTHEAST, SOUTH, WEST, ISLES, CENTRAL)
PAYABLES = ("Dana Whitlock", "Marcus Oyelaran", "Priya Venkat")  # head office accounts payable
COORDINATORS = {
    "HFD": "Dana Whitlock", "WOR": "Luis Arroyo", "SCR": "Beth Kowalski", "ALB": "Tom Vandermeer", "BGR": "Alice Pelletier",
    "CHA": "Reggie Lyle", "TUL": "Shawna Redbird", "AGS": "Curtis Holloway", "MCN": "Tanya Odom", "TYS": "Greg Ballard",
    "PUB": "Monica Trujillo", "SCK": "Hector Salinas", "EUG": "Kirsten Dahl", "BOI": "Nate Ostrander", "GEG": "Joanne Fujita",
    "FLG": "Wes Begaye", "LDS": "Imogen Hale", "BRS": "Callum Pryce", "GLA": "Fiona Mackie", "SHF": "Darren Ashworth",
    "ORK": "Aoife Crowley", "HAM": "Jonas Petersen", "CGN": "Miriam Esser", "MUC": "Korbinian Huber",
}  # fmt: skip
_AGENTS = {
    "US": (
        "Tasha",
        "Brandon",
        "Yolanda",
        "Keith",
        "Marisol",
        "Derrick",
        "Jenna",
        "Omar",
        "Colleen",
        "Ray",
        "Anita",
        "Scott",
    ),
    "GB": ("Gemma", "Hassan", "Lorraine", "Stuart", "Bethan", "Kieran", "Nisha", "Gareth"),
    "DE": ("Frau Lindner", "Herr Yildiz", "Frau Brandt", "Herr Köster", "Frau Sommer", "Herr Wolff"),
}


def address(name: str) -> str:
    """first.last@ our domain."""
    return f"{name.lower().replace(' ', '.')}@{DOMAIN}"


def draw_agent(country: str, rng: Random) -> str:
    """Whoever picked up at the vendor; some give a badge number."""
    name = rng.choice(_AGENTS.get(country, _AGENTS["GB"]))
    return f"{name}, #{rng.randrange(1000, 9999)}" if country == "US" and rng.random() < 0.4 else name


def draw_caller(site: Site, rng: Random) -> str:
    """The site's own coordinator, or accounts payable."""
    return COORDINATORS[site.code] if rng.random() < 0.65 else rng.choice(PAYABLES)


def staff(sites: list[Site]) -> list[User]:
    """Users of every role: administration, finance (two for all, one for Europe), managers by region and by site."""
    known = {site.code: site for site in sites}
    found = [
        User(address("Renata Castellano"), "Renata Castellano", "admin", list(REGIONS)),
        User(address("Dana Whitlock"), "Dana Whitlock", "finance", list(REGIONS)),
        User(address("Marcus Oyelaran"), "Marcus Oyelaran", "finance", list(REGIONS)),
        User(address("Imogen Hale"), "Imogen Hale", "finance", [ISLES, CENTRAL]),
    ]
    managers = ("Howard Trask", "Lorna Beasley", "Ellen Nakagawa", "Rhys Caldwell", "Annika Vogt")
    found += [User(address(name), name, "viewer", [region]) for name, region in zip(managers, REGIONS, strict=True)]
    found += [
        User(address(COORDINATORS[code]), COORDINATORS[code], "viewer", [known[code]]) for code in ("PUB", "CHA", "GLA")
    ]
    return found
