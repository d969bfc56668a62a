"""Time zones as people type them."""

import zoneinfo

from core.errors import Refused
from core.texts import squashed


def parse_zone(text: str) -> zoneinfo.ZoneInfo:
    """A time zone by its name or its city, such as Europe/Lisbon or Lisbon. Raises Refused."""
    wanted = squashed(text)
    found = [
        name
        for name in sorted(zoneinfo.available_timezones())
        if wanted and wanted in (squashed(name), squashed(name.rpartition("/")[2])) and "/" in name
    ]
    if not found:
        raise Refused("I don't know that time zone. Give a city's, such as Europe/Lisbon.")
    return zoneinfo.ZoneInfo(found[0])


def read_zone(text: str) -> str:
    """Check a typed zone and keep its proper name."""
    return parse_zone(text).key
