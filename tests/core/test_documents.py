"""Numbers as councils write them, and prose in paragraphs."""

from core.documents import Block, Heading, NumberedParagraph, Paragraph, numbers, prose


def test_numbers_follow_one_another() -> None:
    blocks: tuple[Block, ...] = (
        NumberedParagraph(("before any part",)),
        Heading("A", numbered=True),
        NumberedParagraph(("a",)),
        Paragraph(("between",)),
        NumberedParagraph(("b",)),
        NumberedParagraph(("deep",), level=3),
        Heading("Not numbered"),
        NumberedParagraph(("on its own",), level=1),
        NumberedParagraph(("deep at once",), level=3),
    )
    assert [number for _, number in numbers(blocks)] == ["1.1", "2", "2.1", "", "2.2", "2.2.1", "", "3", "3.1.1"]
    assert [block for block, _ in numbers(blocks)] == list(blocks)


def test_prose_is_divided_at_empty_lines() -> None:
    assert prose("one\ntwo\n \n\nthree\n") == (Paragraph(("one\ntwo",)), Paragraph(("three",)))
    assert prose(" \n") == ()
