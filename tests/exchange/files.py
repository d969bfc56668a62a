"""A partnership file that is right, for tests to break, change and compare."""

import datetime

NOW = datetime.datetime(2026, 11, 22, 9, 0, tzinfo=datetime.UTC)

GOOD = '''\
# a board
[partnership]
name = "Harbour Board"
place = "Harbour"
timezone = "Europe/London"
purpose = """
Two lines,
one purpose."""
voting_unit = "organisation"
principles = ["Together", "In the open"]
criteria = [{ name = "Impact", weight = 3 }, { name = "Reach" }]
convener = "Harbour Council"

[[organisations]]
name = "Harbour Council"
sector = "local government"

[[organisations]]
name = "Port Police"
sector = "police"

[[organisations]]
name = "Hospital"
sector = "NHS"

[[organisations]]
name = "Museum"
voting = false

[[members]]
name = "Ada Chair"
email = "ada@harbour.example.org"
organisation = "Harbour Council"
role = "chair"
slack = ["T0AAA:U0ADA"]

[[members]]
name = "Cy Coordinator"
email = "cy@harbour.example.org"
organisation = "Harbour Council"
role = "coordinator"

[[members]]
name = "Paul Port"
organisation = "Port Police"
role = "representative"
slack = ["T0AAA:U0PAUL"]
teams = ["11111111-2222-4333-8444-555555555555:aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"]

[[members]]
name = "Olga Observer"
organisation = "Museum"
role = "observer"

[[rooms]]
name = "#board"
slack = "T0AAA:C0BOARD"

[[rooms]]
name = "Board"
teams = { tenant = "11111111-2222-4333-8444-555555555555", conversation = "19:x@thread.tacv2", service_url = "https://smba.trafficmanager.net/uk/", bot = "28:b0t" }

[[themes]]
name = "Boats"
scope = "All that floats."
lead = "Port Police"
objectives = ["Faster", "Safer"]
projects = ["A lighthouse"]

[[themes]]
name = "Bridges"

[[agreements]]
title = "Adopt the themes"
text = "We adopt both."
rule = "consent"
quorum = { share = "half", organisations = ["Hospital"], sectors = ["police"] }
must_take_part = ["Port Police"]
closes = "2026-12-04T17:00"
review = 2027-06-30
themes = ["Boats", "Bridges"]
proposer = "cy@harbour.example.org"

[agreements.front]
report_of = "The harbour master"
date = 2026-11-01
summary = "To agree two themes."
'''  # noqa: E501 - an inline table stands on one line

SECOND_AGREEMENT = """
[[agreements]]
title = "Who steers"
rule = "advice"
decider = "Ada Chair"
closes = 2026-12-01T09:00:00+01:00
hidden = "until closed"
effect = "ratify"
effect_detail = "the meeting in January"
"""


def changed(old: str, new: str, text: str = GOOD) -> str:
    """The text with one thing different; fails when that thing is not there."""
    assert old in text, old
    return text.replace(old, new, 1)
