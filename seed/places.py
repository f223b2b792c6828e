"""The 24 sites of the demo: one distributor with offices, plants, warehouses and depots. All fictitious.

`needs` are the accounts of a site as vendor:service_type; `opened` is in months before today, None since ever.
Dialling prefixes lead into number ranges that are set aside for drama: 555-01xx, Ofcom, ComReg, Bundesnetzagentur.
"""

from dataclasses import dataclass

from seed.records import Site

NORTHEAST, SOUTH, WEST, ISLES, CENTRAL = "Northeast", "South", "West", "UK & Ireland", "Central Europe"
CURRENCIES = {"US": "USD", "GB": "GBP", "IE": "EUR", "DE": "EUR"}

_LEAN = "lumora:internet ardmore:voice greatdivide:power"
_PLANT = "lumora:internet ardmore:voice vantelle:mobile halvorsen:circuit greatdivide:power clearbrook:water"
_WAREHOUSE = "lumora:internet ardmore:voice vantelle:mobile greatdivide:power clearbrook:water"
_OFFICE = "lumora:internet ardmore:voice vantelle:mobile halvorsen:circuit greatdivide:power"
_BRITISH = "pennine:internet pennine:voice larkfield:mobile severnvale:power"


@dataclass(frozen=True, slots=True)
class Place:
    """A site's facts, as one row."""

    code: str
    city: str
    kind: str
    region: str
    country: str
    timezone: str
    headcount: int
    latitude: float
    longitude: float
    dialling: str
    sales_tax: int  # per mille
    strain: int
    needs: str
    opened: int | None = None

    def site(self, cost_center: str) -> Site:
        """The site record."""
        return Site(
            code=self.code,
            name=f"{self.city} {self.kind}",
            kind=self.kind,
            region=self.region,
            country=self.country,
            city=self.city,
            timezone=self.timezone,
            cost_center=cost_center,
            headcount=self.headcount,
            latitude=self.latitude,
            longitude=self.longitude,
            dialling=self.dialling,
            sales_tax=self.sales_tax,
            strain=self.strain,
        )


_EAST, _MIDDLE, _MOUNTAIN, _PACIFIC = "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"

PLACES = (
    Place(
        "HFD", "Hartford", "Office", NORTHEAST, "US", _EAST, 214, 41.765, -72.673, "+1860555", 64, 0,
        f"{_OFFICE} quillan:voice clearbrook:water",
    ),
    Place("WOR", "Worcester", "Depot", NORTHEAST, "US", _EAST, 38, 42.262, -71.802, "+1508555", 63, 1, f"{_LEAN} vantelle:mobile"),
    Place("SCR", "Scranton", "Warehouse", NORTHEAST, "US", _EAST, 86, 41.409, -75.665, "+1570555", 61, 2, _WAREHOUSE),
    Place("ALB", "Albany", "Plant", NORTHEAST, "US", _EAST, 162, 42.653, -73.757, "+1518555", 82, 1, _PLANT),
    Place("BGR", "Bangor", "Depot", NORTHEAST, "US", _EAST, 24, 44.801, -68.777, "+1207555", 60, 1, f"{_LEAN} clearbrook:water"),
    Place("CHA", "Chattanooga", "Plant", SOUTH, "US", _EAST, 188, 35.046, -85.309, "+1423555", 94, 2, _PLANT),
    Place(
        "TUL", "Tulsa", "Call Center", SOUTH, "US", _MIDDLE, 141, 36.154, -95.993, "+1918555", 88, 1,
        f"{_OFFICE} quillan:voice",
    ),
    Place("AGS", "Augusta", "Warehouse", SOUTH, "US", _EAST, 72, 33.471, -81.975, "+1706555", 80, 2, _WAREHOUSE),
    Place("MCN", "Macon", "Depot", SOUTH, "US", _EAST, 31, 32.841, -83.632, "+1478555", 80, 0, f"{_LEAN} vantelle:mobile"),
    Place("TYS", "Knoxville", "Office", SOUTH, "US", _EAST, 64, 35.961, -83.921, "+1865555", 93, 1, _OFFICE),
    Place(
        "PUB", "Pueblo", "Warehouse", WEST, "US", _MOUNTAIN, 94, 38.254, -104.609, "+1719555", 79, 3,
        f"{_WAREHOUSE} halvorsen:circuit",
    ),
    Place(
        "SCK", "Stockton", "Warehouse", WEST, "US", _PACIFIC, 118, 37.958, -121.291, "+1209555", 83, 3,
        f"{_WAREHOUSE} halvorsen:circuit",
    ),
    Place("EUG", "Eugene", "Plant", WEST, "US", _PACIFIC, 133, 44.052, -123.087, "+1541555", 0, 2, _PLANT),
    Place("BOI", "Boise", "Office", WEST, "US", "America/Boise", 47, 43.615, -116.202, "+1208555", 60, 2, f"{_LEAN} vantelle:mobile"),
    Place(
        "GEG", "Spokane", "Office", WEST, "US", _PACIFIC, 58, 47.659, -117.426, "+1509555", 90, 1,
        "lumora:internet halvorsen:circuit quillan:voice vantelle:mobile greatdivide:power",
    ),
    Place(
        "FLG", "Flagstaff", "Depot", WEST, "US", "America/Phoenix", 22, 35.198, -111.651, "+1928555", 88, 0,
        f"{_LEAN} clearbrook:water", 14,
    ),
    Place(
        "LDS", "Leeds", "Office", ISLES, "GB", "Europe/London", 76, 53.801, -1.549, "+44113496", 200, 0,
        f"{_BRITISH} pennine:circuit",
    ),
    Place("BRS", "Bristol", "Depot", ISLES, "GB", "Europe/London", 29, 51.455, -2.588, "+44117496", 200, 1, _BRITISH),
    Place("GLA", "Glasgow", "Warehouse", ISLES, "GB", "Europe/London", 83, 55.864, -4.252, "+44141496", 200, 3, _BRITISH),
    Place("SHF", "Sheffield", "Plant", ISLES, "GB", "Europe/London", 127, 53.381, -1.470, "+44114496", 200, 2, _BRITISH),
    Place(
        "ORK", "Cork", "Depot", ISLES, "IE", "Europe/Dublin", 33, 51.898, -8.476, "+35320910", 230, 0,
        "pennine:internet larkfield:mobile severnvale:power",
    ),
    Place(
        "HAM", "Hamburg", "Office", CENTRAL, "DE", "Europe/Berlin", 51, 53.551, 9.994, "+494066969", 190, 0,
        "rheinfaden:internet rheinfaden:voice rheinfaden:mobile nordmark:power",
    ),
    Place(
        "CGN", "Cologne", "Warehouse", CENTRAL, "DE", "Europe/Berlin", 69, 50.938, 6.960, "+492214710", 190, 2,
        "rheinfaden:internet rheinfaden:mobile nordmark:power nordmark:water",
    ),
    Place(
        "MUC", "Munich", "Office", CENTRAL, "DE", "Europe/Berlin", 27, 48.135, 11.582, "+498999998", 190, 0,
        "rheinfaden:internet rheinfaden:mobile nordmark:power", 10,
    ),
)  # fmt: skip
