"""Markdown says what was written, read back by markdown-it."""

import dataclasses
import itertools
from typing import Final

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from adapters.documents.markdown import markdown
from core.cards import Bold
from core.documents import Facts, Heading, Listing, NumberedParagraph, Paragraph, Table
from core.texts import clean
from tests.adapters.documents.samples import EVENING, REPORT

READER: Final = MarkdownIt("commonmark").enable("table")
WRITTEN: Final = st.text(st.sampled_from("ab1 .-+*_#>|`~[]()<>&!\\=:\n\t;é☕")).map(clean)


def read(text: str) -> list[tuple[str, str]]:
    """The kind of each block that holds words, and these."""
    tokens = READER.parse(text)
    pairs = itertools.pairwise(tokens)
    return [(before.tag, "".join(_words(token))) for before, token in pairs if token.type == "inline"]


def _words(token: Token) -> list[str]:
    return [
        "\n" if each.type in ("softbreak", "hardbreak") or each.content == "<br>" else each.content
        for each in token.children or ()
    ]


def test_every_kind_of_block() -> None:
    assert read(markdown(REPORT)) == [
        ("h1", "The five partnership themes"),
        ("p", "Barnet Partnership Board, 4 December 2026"),
        ("p", "Report of: Deputy Chief Executive"),
        ("p", "Input requested: To review and agree"),
        ("h2", "1 Why this report"),
        ("p", "1.1 The board is asked to agree five themes."),
        ("p", "1.2 They were discussed before; see the papers."),
        ("h2", "2 What is proposed"),
        ("p", "2.1 Each theme has a lead."),
        ("p", "2.1.1 A lead is an organisation."),
        ("p", "The themes and their leads"),
        ("th", "Theme"),
        ("th", "Lead"),
        ("td", "Smart cities"),
        ("td", "Barnet Council"),
        ("td", "Arts\nand culture"),
        ("td", "=1+1 | *Arts* Depot"),
        ("h2", "Annex"),
        ("p", "Café ☕, 日本"),
        ("p", "- not a list"),
        ("p", "First line\nsecond line"),
    ]


@given(WRITTEN, WRITTEN)
def test_whatever_people_write_stays_text(first: str, second: str) -> None:
    blocks = (
        Heading(f"x{first}"),
        Paragraph((first, Bold("b"))),
        NumberedParagraph((second,)),
        Listing(((f"{first} x",),)),
        Facts(((f"x{second}", (first,)),)),
        Table(("one", "two"), (((first,), (second,)),), "Table"),
    )
    document = dataclasses.replace(REPORT, title="T", subtitle="", blocks=blocks, made_at=EVENING)
    found = [words for _, words in read(markdown(document))]
    wanted = [
        "T",
        f"x{first}",
        f"{first}b",
        f"1.1 {second}",
        f"{first} x",
        f"x{second}: {first}",
        "Table",
        "one",
        "two",
    ]
    assert [" ".join(each.split()) for each in found[:9]] == [" ".join(each.split()) for each in wanted]
    assert [" ".join(each.split()) for each in found[9:]] == [" ".join(each.split()) for each in (first, second)]
