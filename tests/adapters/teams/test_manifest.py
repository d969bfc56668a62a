"""The app package: within the manifest's limits, with icons of the sizes that Teams asks for."""

import io
import json
import re
import struct
import zipfile
import zlib

import pytest

from adapters.teams.manifest import manifest, package
from core.requests import Offer
from tests.adapters.teams.world import APP, OFFERS

MANY = tuple(
    Offer(f"command.{n}", f"word{n}", "A title that is rather too long to fit " * 2, "Help. " * 60, shortcut=True)
    for n in range(30)
)


@pytest.mark.parametrize("offers", [(), OFFERS, MANY], ids=["none", "some", "many"])
def test_limits(offers: tuple[Offer, ...]) -> None:
    made = manifest(offers, "https://board.example.org/", APP)
    assert made["manifestVersion"] == "1.30"
    assert made["$schema"].endswith("/v1.30/MicrosoftTeams.schema.json")
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", made["id"])
    assert len(made["name"]["short"]) <= 30
    assert len(made["description"]["short"]) <= 80
    assert len(made["description"]["full"]) <= 4_000
    assert made["validDomains"] == ["board.example.org"]
    assert set(made["developer"]) == {"name", "websiteUrl", "privacyUrl", "termsOfUseUrl"}
    (bot,) = made["bots"]
    assert set(bot["scopes"]) == {"team", "personal", "groupChat"}
    for commands in bot.get("commandLists", []):
        assert 0 < len(commands["commands"]) <= 12
        assert all(len(each["title"]) <= 32 and len(each["description"]) <= 128 for each in commands["commands"])
    for extension in made["composeExtensions"]:
        assert 0 < len(extension["commands"]) <= 10
        for each in extension["commands"]:
            assert len(each["id"]) <= 64
            assert len(each["title"]) <= 32
            assert len(each["description"]) <= 128
            assert each["fetchTask"] is True
            assert "message" in each["context"]


def test_only_what_is_offered_stands_in_it() -> None:
    made = manifest(OFFERS, "https://board.example.org", APP)
    assert [each["title"] for each in made["bots"][0]["commandLists"][0]["commands"]] == ["agree", "home"]
    assert [each["id"] for each in made["composeExtensions"][0]["commands"]] == ["agreements.open"]


def test_the_package() -> None:
    made = package(OFFERS, "https://board.example.org", APP)
    assert made == package(OFFERS, "https://board.example.org", APP)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert sorted(archive.namelist()) == ["color.png", "manifest.json", "outline.png"]
        assert json.loads(archive.read("manifest.json")) == manifest(OFFERS, "https://board.example.org", APP)
        assert size(archive.read("color.png")) == (192, 192)
        outline = archive.read("outline.png")
    assert size(outline) == (32, 32)
    pixels = rgba(outline)
    assert {pixel[:3] for pixel in pixels if pixel[3]} == {b"\xff\xff\xff"}  # white, and
    assert min(pixel[3] for pixel in pixels) == 0  # transparent


def size(png: bytes) -> tuple[int, int]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", png[16:24])


def rgba(png: bytes) -> list[bytes]:
    """The pixels of a small PNG of 8-bit RGBA, by the filters of the PNG standard."""
    width, height = size(png)
    assert png[24:26] == b"\x08\x06"
    data, position = b"", 8
    while position < len(png):
        length, kind = struct.unpack(">I4s", png[position : position + 8])
        if kind == b"IDAT":
            data += png[position + 8 : position + 8 + length]
        position += length + 12
    raw, stride, above, found = zlib.decompress(data), width * 4, bytearray(width * 4), []
    for row in range(height):
        kind, line = raw[row * (stride + 1)], bytearray(raw[row * (stride + 1) + 1 : (row + 1) * (stride + 1)])
        for at in range(stride):
            left, up = line[at - 4] if at > 3 else 0, above[at]
            corner = above[at - 4] if at > 3 else 0
            guess = left + up - corner
            nearest = min((left, up, corner), key=lambda each: abs(guess - each))
            line[at] = (line[at] + (0, left, up, (left + up) // 2, nearest)[kind]) % 256
        found += [bytes(line[at : at + 4]) for at in range(0, stride, 4)]
        above = line
    return found
