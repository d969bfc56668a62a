"""What a file says, and how each mistake in one names its line and what to do."""

import datetime
import pathlib
import re
import unicodedata

import pytest

from core.agreements.rules import Rule
from core.errors import Refused
from core.exchange import Mistake, read_board
from tests.exchange.files import GOOD, SECOND_AGREEMENT, changed


def test_a_good_file_is_read() -> None:
    board = read_board((GOOD + SECOND_AGREEMENT).encode())
    assert board.purpose == "Two lines,\none purpose."
    assert list(board.criteria) == [("Impact", 3), ("Reach", 1)]
    assert [each.voting for each in board.organisations] == [True, True, True, False]
    paul = board.members[2]
    assert [(each.tool, each.account) for each in paul.accounts] == [
        ("slack", "U0PAUL"),
        ("teams", "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"),
    ]
    assert board.rooms[1].service_url == "https://smba.trafficmanager.net/uk/"
    first, second = board.agreements
    assert first.quorum_share == 0.5 and first.quorum_number is None
    assert first.organisations == ("Port Police", "Hospital") and first.sectors == ("police",)
    assert first.closes_at == datetime.datetime(2026, 12, 4, 17, tzinfo=datetime.UTC)
    assert first.review_on == datetime.date(2027, 6, 30)
    assert first.proposer == 1 and first.front["date"] == "1 November 2026"
    assert second.rule is Rule.ADVICE and second.decider == 0
    assert second.closes_at == datetime.datetime(2026, 12, 1, 8, tzinfo=datetime.UTC)


@pytest.mark.parametrize("mark", ["\ufeff", ""])
def test_marks_and_windows_lines_do_no_harm(mark: str) -> None:
    assert read_board((mark + GOOD.replace("\n", "\r\n")).encode()) == read_board(GOOD.encode())


@pytest.mark.parametrize(
    ("closes", "utc"),
    [
        ('"2026-07-01T17:00"', "2026-07-01T16:00:00+00:00"),  # British summer time
        ("2026-07-01T17:00:00", "2026-07-01T16:00:00+00:00"),
        ("2026-07-01", "2026-07-01T16:00:00+00:00"),  # a bare date is the end of its working day
        ('"2026-07-01"', "2026-07-01T16:00:00+00:00"),
        ("2026-07-01T17:00:00Z", "2026-07-01T17:00:00+00:00"),
        ('"2027-03-28T01:30"', "2027-03-28T01:00:00+00:00"),  # skipped by the clocks
    ],
)
def test_closing_times(closes: str, utc: str) -> None:
    board = read_board(changed('"2026-12-04T17:00"', closes).encode())
    assert board.agreements[0].closes_at.isoformat() == utc


@pytest.mark.parametrize(
    ("quorum", "number", "share"),
    [
        ("2", 2, None),
        ('"2"', 2, None),
        ('"50%"', None, 0.5),
        ("0.5", None, 0.5),
        ("1.0", None, 1.0),
        ('"half"', None, 0.5),
        ("{ number = 3 }", 3, None),
        ("{ share = 0.25 }", None, 0.25),
        ('{ sectors = ["NHS"] }', None, None),
    ],
)
def test_quorums(quorum: str, number: int | None, share: float | None) -> None:
    text = changed('{ share = "half", organisations = ["Hospital"], sectors = ["police"] }', quorum)
    found = read_board(text.encode()).agreements[0]
    assert (found.quorum_number, found.quorum_share) == (number, share)


NFD = unicodedata.normalize("NFD", "Café")
NFC = unicodedata.normalize("NFC", "Café")

# What to replace, by what, on the line of which words the mistake is, and words of its sentence.
MISTAKES = [
    ('name = "Harbour Board"', 'nmae = "Harbour Board"', "nmae", "did you mean name"),
    ('name = "Harbour Board"', 'name = "  "', 'name = "  "', "a partnership needs a name"),
    ('name = "Harbour Board"', "name = 12", "name = 12", "name is a number; write a text in quotes"),
    ('name = "Harbour Board"\n', "", "[partnership]", "a partnership needs a name"),
    ("[partnership]", "[[partnership]]", "[[partnership]]", "single brackets"),
    ("[partnership]", "[partnerships]", "[partnerships]", "did you mean partnership"),
    ("Europe/London", "Europe/Lodnon", "timezone", "not a time zone"),
    ("Europe/London", "Europe", "timezone", "not a time zone"),
    ("Europe/London", "../etc/passwd", "timezone", "not a time zone"),
    ('voting_unit = "organisation"', 'voting_unit = "person"', "voting_unit", "organisation or member"),
    ('principles = ["Together", "In the open"]', 'principles = [\n"Together",\n7]', "7]", "holds a number"),
    ("weight = 3", 'weight = "three"', "weight", "a number above 0"),
    ('convener = "Harbour Council"', 'convener = "Harbor Council"', "convener", "did you mean “Harbour Council”"),
    ('name = "Museum"', 'name = "MUSEUM"\nsector = "arts"\n[[organisations]]\nname = "museum"', '"museum"', "second"),
    ('name = "Museum"', f'name = "{NFC}"\n[[organisations]]\nname = "{NFD}"', NFD, "a second time"),
    ("voting = false", 'voting = "no"', 'voting = "no"', "true or false, without quotes"),
    ("voting = false", "votes = false", "votes", "did you mean voting"),
    ('organisation = "Museum"', 'organisation = "The Louvre"', "Louvre", "declare it as an organisation"),
    ('organisation = "Museum"\n', "", 'Olga Observer"|-1', "a member needs an organisation"),
    ('role = "observer"', 'role = "boss"', "boss", "choose chair, coordinator"),
    ('role = "observer"\n', "", 'Olga Observer"|-1', "needs a role"),
    ('"cy@harbour.example.org"', '"cy at harbour"', "cy at harbour", "not an email address"),
    ('"cy@harbour.example.org"', '"ADA@harbour.example.org"', "ADA@", "a second time"),
    ('"Olga Observer"\norganisation = "Museum"', '"PAUL PORT"\norganisation = "port police"', '"PAUL P', "two people"),
    ('["T0AAA:U0ADA"]', '["U0ADA"]', "U0ADA", "such as T0AAA:U0AAA"),
    ('["T0AAA:U0ADA"]', '[\n"T0AAA:U0OK",\n"T0AAA-U0ADA"\n]', "T0AAA-U0ADA", "not a Slack account"),
    ('["T0AAA:U0ADA"]', '["T0AAA:U0PAUL"]', "U0PAUL|2", "Ada Chair's already"),
    ("555555555555:aaaaaaaa", "555555555555 aaaaaaaa", "teams = [", "not a Teams account"),
    ('slack = "T0AAA:C0BOARD"', 'slack = "#board"', 'slack = "#board"', "not a Slack channel"),
    ('slack = "T0AAA:C0BOARD"', 'slack = "T0AAA:C0BOARD"\nteams = "x"', 'teams = "x"', "either slack or teams"),
    ('slack = "T0AAA:C0BOARD"\n', "", 'name = "#board"|-1', "either slack or teams"),
    ("https://smba", "ftp://smba", "ftp://", "not an address"),
    (', bot = "28:b0t"', "", "teams = {", "needs a bot"),
    (', bot = "28:b0t"', ', robot = "28:b0t"', "robot", "did you mean bot"),
    ('name = "Bridges"', 'name = "boats"', '"boats"', "a second time"),
    ('lead = "Port Police"', 'lead = "Pirates"', "Pirates", "not an organisation"),
    ('objectives = ["Faster", "Safer"]', 'objectives = { a = "x" }', "objectives", "objectives is a table"),
    ('name = "Bridges"', 'name = "Bridges"\nstate = "done"', "done", "proposed, agreed or retired"),
    ('rule = "consent"', 'rule = "majority of sorts"', "of sorts", "choose consent, consensus"),
    ('share = "half"', 'share = "most"', "share", "Give a quorum as"),
    ('share = "half"', 'share = "half", number = 2', "share", "either a number or a share"),
    ('{ share = "half", organisations', '{ number = 9, organisations', "number = 9", "can't be reached with 3 voters"),
    ('{ share = "half", organisations', '{ number = 0, organisations', "number = 0", "Give a quorum as"),
    ('{ share = "half", organisations', '{ number = true, organisations', "number = true", "a quorum is"),
    ('organisations = ["Hospital"]', 'organisations = ["Museum"]', "[\"Museum\"]", "an organisation with a vote"),
    ('sectors = ["police"]', 'sectors = ["pirates"]', "pirates", "the sector of an organisation"),
    ('must_take_part = ["Port Police"]', 'must_take_part = ["Port Polise"]', "Polise", "did you mean “Port Police”"),
    ('"2026-12-04T17:00"', '"next Friday"', "closes", "not a date and time"),
    ('"2026-12-04T17:00"', "9999-12-31T23:59:59", "closes", "not a date and time"),
    ('closes = "2026-12-04T17:00"\n', "", "title|-1", "an agreement needs its date and time"),
    ("review = 2027-06-30", 'review = "soon"', "review", "not a date"),
    ('themes = ["Boats", "Bridges"]', 'themes = [\n"Boats",\n"Ferries"]', "Ferries", "not a theme of this file"),
    ('proposer = "cy@', 'proposer = "nobody@', "proposer", "not a member"),
    ('rule = "consent"', 'rule = "advice"', "title|-1", "name who decides"),
    ('rule = "consent"', 'rule = "consent"\ndecider = "Ada Chair"', "decider", "Only the rule advice"),
    ('rule = "consent"', 'rule = "consent"\nbase = "entitled"', "base", "no threshold"),
    ('rule = "consent"', 'rule = "consent"\neffect = "ratify"', "title|-1", "which meeting"),
    ('report_of = "The', 'report_off = "The', "report_off", "did you mean report_of"),
    ("[[themes]]", "[[polls]]\ntitle = 1\n[[themes]]", "[[polls]]", "brings no polls"),
    ("[[themes]]", "[[themes]]\nname = 'twice'\nname = 'twice'\n[[themes]]", "'twice'|2", "can't be read as TOML"),
    ('title = "Adopt', "title = Adopt", "title = Adopt", "can't be read as TOML"),
    ('summary = "To agree two themes."', 'summary = """To agree', "summary", "can't be read as TOML"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "where", "words"), MISTAKES)
def test_a_mistake_names_its_line(old: str, new: str, where: str, words: str) -> None:
    text = changed(old, new)
    mark, _, how = where.partition("|")
    lines = [number for number, line in enumerate(text.split("\n"), start=1) if mark in line]
    expected = lines[0] - 1 if how == "-1" else lines[int(how) - 1 if how else 0]
    with pytest.raises(Mistake) as raised:
        read_board(text.encode())
    sentence = raised.value.sentence
    assert words in sentence, sentence
    assert sentence.startswith(f"Line {expected}: "), (expected, sentence)
    assert sentence.endswith((".", "?")) and "\n" not in sentence


def test_a_name_that_two_members_have() -> None:
    text = changed('name = "Olga Observer"', 'name = "Ada Chair"')
    with pytest.raises(Mistake, match="2 members are called “Ada Chair”"):
        read_board((text + SECOND_AGREEMENT).encode())


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (b'[partnership]\nname = "\xff"\n', "Line 2: .*UTF-8"),
        (b"", "Line 1: the file needs a section"),
        (b"\x00", "Line 1: .*TOML"),
        (b"partnership = 3", "Line 1: partnership is a number; write a table"),
        (b"members = 3", "needs a section"),
        (b"[partnership]\nname='x'\n[members]\nname='y'", "Line 3: .*two brackets"),
        (b"[partnership]\nname='x'\nplace=" + b"9" * 5000, "number is too long"),
        (b"a=" + b"[" * 100_000, "TOML"),
        (b"#" * (5 * 1024 * 1024), "larger than 4 MiB"),
    ],
)
def test_what_is_no_partnership_file(source: bytes, words: str) -> None:
    with pytest.raises(Refused, match=words):
        read_board(source)


def test_the_documented_file_is_right(root: pathlib.Path) -> None:
    """Every key that the page on the file shows is one that the import takes."""
    page = (root / "docs" / "partnership-file.md").read_text()
    (example,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    board = read_board(example.encode())
    work = board.work
    parts = (board.members, board.rooms, work.items, work.groups, work.actions, work.meetings, board.agreements)
    assert all(parts)
