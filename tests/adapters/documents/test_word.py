"""A .docx as other readers find it: python-docx, and the bare XML by the standard library."""

import io
import zipfile
from xml.etree import ElementTree

import docx
import pytest

from adapters.documents.word import word
from tests.adapters.documents.samples import EVENING, REPORT

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def made() -> bytes:
    return word(REPORT)


def part(made: bytes, name: str) -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        return ElementTree.fromstring(archive.read(name))


def test_the_words_and_their_order(made: bytes) -> None:
    found = docx.Document(io.BytesIO(made))
    said = [(each.style.name if each.style else "", each.text) for each in found.paragraphs if each.text]
    assert said == [
        ("Title", "The five partnership themes"),
        ("Subtitle", "Barnet Partnership Board, 4 December 2026"),
        ("Facts", "Report of: Deputy Chief Executive"),
        ("Facts", "Input requested: To review and agree"),
        ("Heading 1", "1 Why this report"),
        ("Normal", "1.1\tThe board is asked to agree five themes."),
        ("Normal", "1.2\tThey were discussed before; see the papers."),
        ("Heading 1", "2 What is proposed"),
        ("Normal", "2.1\tEach theme has a lead."),
        ("Normal", "2.1.1\tA lead is an organisation."),
        ("Caption", "The themes and their leads"),
        ("Heading 1", "Annex"),
        ("List Bullet", "Café ☕, 日本"),
        ("List Bullet", "- not a list "),
        ("Normal", "First line\nsecond line"),
    ]
    begins = [each.text for each in found.paragraphs if each.paragraph_format.page_break_before]
    assert begins == ["Annex"]
    (table,) = found.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Theme", "Lead"],
        ["Smart cities", "Barnet Council"],
        ["Arts\nand culture", "=1+1 | *Arts* Depot"],
    ]


def test_what_a_screen_reader_needs(made: bytes) -> None:
    styles, body = part(made, "word/styles.xml"), part(made, "word/document.xml")
    assert {each.get(f"{W}val") for each in styles.iter(f"{W}lang")} == {"en-GB"}
    (table,) = body.iter(f"{W}tbl")
    heads = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in table.iter(f"{W}tr")]
    assert heads == [True, False, False]
    caption = table.find(f"{W}tblPr/{W}tblCaption")
    assert caption is not None and caption.get(f"{W}val") == "The themes and their leads"
    shown = docx.Document(io.BytesIO(made)).core_properties
    assert (shown.title, shown.subject, shown.author, shown.language) == (
        "The five partnership themes",
        "A report to the board",
        "Barnet Partnership Board",
        "en-GB",
    )
    assert shown.created == EVENING


def test_pages_are_numbered_and_links_lead_somewhere(made: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        (footer,) = (name for name in archive.namelist() if name.startswith("word/footer"))
        links = archive.read("word/_rels/document.xml.rels").decode()
    fields = [each.get(f"{W}instr", "").strip() for each in part(made, footer).iter(f"{W}fldSimple")]
    assert fields == ["PAGE", "NUMPAGES"]
    assert 'Target="https://example.org/papers" TargetMode="External"' in links
