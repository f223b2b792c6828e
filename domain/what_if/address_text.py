"""A scenario as text that fits in an address: its JSON, compressed, in the letters that an address may hold."""

import binascii
import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode

from domain.what_if.actions import Scenario, ScenarioError
from domain.what_if.scenario_data import scenario_as_data, scenario_from

LONGEST = 4000  # letters; what is longer has to be saved to be shared
_UNFOLDED = 64 * 1024  # bytes of JSON that an address may unfold to


def as_text(scenario: Scenario) -> str:
    """Letters, digits, - and _."""
    data = json.dumps(scenario_as_data(scenario), separators=(",", ":"), ensure_ascii=False)
    return urlsafe_b64encode(zlib.compress(data.encode(), 9)).decode().rstrip("=")


def from_text(text: str) -> Scenario:
    """The scenario again. An address may hold anything: raises ScenarioError."""
    if len(text) > LONGEST:
        raise ScenarioError("the address is too long for a scenario")
    try:
        unfolding = zlib.decompressobj()
        data = unfolding.decompress(urlsafe_b64decode(text + "=" * (-len(text) % 4)), _UNFOLDED)
        if unfolding.unconsumed_tail or not unfolding.eof:
            raise ScenarioError("the address holds no whole scenario")
        return scenario_from(json.loads(data))
    except (binascii.Error, zlib.error, UnicodeDecodeError, ValueError, RecursionError) as error:
        if isinstance(error, ScenarioError):
            raise
        raise ScenarioError("the address holds no scenario") from error
