"""A document with every kind of block."""

import datetime

from core.cards import Bold, Italic, Link
from core.documents import (
    Document,
    Facts,
    Heading,
    Listing,
    NumberedParagraph,
    PageBreak,
    Paragraph,
    Table,
)

EVENING = datetime.datetime(2026, 12, 4, 17, 30, tzinfo=datetime.UTC)
REPORT = Document(
    title="The five partnership themes",
    subtitle="Barnet Partnership Board, 4 December 2026",
    subject="A report to the board",
    author="Barnet Partnership Board",
    made_at=EVENING,
    blocks=(
        Facts(
            (("Report of", ("Deputy Chief Executive",)), ("Input requested", ("To review ", Italic("and"), " agree")))
        ),
        Heading("Why this report", numbered=True),
        NumberedParagraph(("The board is asked to agree ", Bold("five"), " themes.")),
        NumberedParagraph(("They were discussed before; see ", Link("the papers", "https://example.org/papers"), ".")),
        Heading("What is proposed", numbered=True),
        NumberedParagraph(("Each theme has a lead.",)),
        NumberedParagraph(("A lead is an organisation.",), level=3),
        Table(
            ("Theme", "Lead"),
            ((("Smart cities",), ("Barnet Council",)), (("Arts\nand culture",), ("=1+1 | *Arts* Depot",))),
            "The themes and their leads",
            (2, 1),
        ),
        PageBreak(),
        Heading("Annex"),
        Listing((("Café ☕, 日本",), ("- not a list\x00 \ud800",))),
        Paragraph(("First line\nsecond line",)),
    ),
)
