"""How our Word documents look: plain, dark on white and large enough to read.

Letters without serifs, 12 points, ragged right, and colour never alone, as the accessibility guidance for public
bodies asks (https://www.gov.uk/guidance/publishing-accessible-documents).
"""

from typing import Final

from docx.document import Document as Word
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

PAGE_WIDTH: Final = Cm(21.0 - 2 * 2.2)
FONT: Final = "Arial"
INK: Final = RGBColor(0x0B, 0x2A, 0x3C)
SIZES: Final = {"Title": 24, "Subtitle": 14, "Heading 1": 18, "Heading 2": 15, "Heading 3": 13, "Heading 4": 12}


def dress(made: Word, language: str) -> None:
    """Set page, language and styles of a new document."""
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin = section.bottom_margin = Cm(2.2)
    _speak(made, language)
    _paragraph_style(made, "Normal", 12, after=8)
    for name, size in SIZES.items():
        style = _paragraph_style(made, name, size, after=6, before=14 if name.startswith("Heading") else 0)
        style.font.bold, style.font.italic = name != "Subtitle", False
        style.font.color.rgb = INK
        style.paragraph_format.keep_with_next = True
    caption = _paragraph_style(made, "Caption", 12, after=4, before=6)
    caption.font.bold, caption.font.color.rgb = True, INK
    for name in ("Facts", "Table Text"):
        made.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        _paragraph_style(made, name, 12 if name == "Facts" else 11, after=2)
    footer = _paragraph_style(made, "Footer", 10, after=0)
    footer.paragraph_format.tab_stops.clear_all()
    footer.paragraph_format.tab_stops.add_tab_stop(PAGE_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    link = made.styles.add_style("Link", WD_STYLE_TYPE.CHARACTER)
    link.font.underline, link.font.color.rgb = True, RGBColor(0x0B, 0x4F, 0x9C)


def _paragraph_style(made: Word, name: str, size: int, *, after: int, before: int = 0) -> ParagraphStyle:
    style = made.styles[name]
    assert isinstance(style, ParagraphStyle)  # noqa: S101 - the template's or ours, both known
    style.font.name, style.font.size = FONT, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for way in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{way}"), None)  # a theme's font would win over ours
    fonts.set(qn("w:cs"), FONT)
    shape = style.paragraph_format
    shape.space_after, shape.space_before, shape.line_spacing = Pt(after), Pt(before), 1.15
    return style


def _speak(made: Word, language: str) -> None:
    """Say in which language the words are; without it a screen reader would take the template's, American English."""
    for spoken in made.styles.element.iter(qn("w:lang")):
        spoken.set(qn("w:val"), language)
    for spoken in made.settings.element.iter(qn("w:themeFontLang")):
        spoken.set(qn("w:val"), language)
