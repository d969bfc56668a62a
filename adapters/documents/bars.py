"""Bars as an SVG picture: sharp at any size, in any script, and read aloud by its title and description.

How such a picture is made accessible: https://www.w3.org/TR/svg-aam-1.0/ (title, desc and a role on the root).
"""

from collections.abc import Iterator
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from adapters.documents.legible import legible
from core.cards import Bar, Chart
from core.documents import Picture

WIDTH: Final = 960
MARGIN: Final = 40
ROOM: Final = WIDTH - 2 * MARGIN
VALUES: Final = 190  # to the right of the bars, for what is counted
INK: Final = "#0b2a3c"
MUTED: Final = "#4a5b66"  # 7:1 on white
FILL: Final = "#1f6f8b"
TRACK: Final = "#e3eaee"
_WIDE: Final = 0.58  # of its height, a letter's width on the average; wider scripts are counted double


def svg(picture: Picture) -> bytes:
    """The picture as the content of an .svg file."""
    canvas = _Canvas()
    canvas.text(picture.title, size=28, weight="bold")
    for chart, sentence in picture.charts:
        canvas.skip(10)
        if chart.title:
            canvas.text(chart.title, size=21, weight="bold")
        for bar in chart.bars:
            canvas.bar(bar, chart)
        if sentence:
            canvas.text(sentence, size=19, weight="bold", fill=FILL)
    canvas.skip(10)
    canvas.text(picture.source, size=15, fill=MUTED)
    return _document(picture, canvas).encode()


def _document(picture: Picture, canvas: "_Canvas") -> str:
    height = canvas.y + MARGIN - 10
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        f'role="img" aria-labelledby="title words" lang={quoteattr(picture.language)} '
        "font-family=\"Arial, Helvetica, 'Liberation Sans', sans-serif\">"
    )
    parts = [
        head,
        f'<title id="title">{_plain(picture.title)}</title>',
        f'<desc id="words">{_plain(picture.words)}</desc>',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        *canvas.parts,
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


class _Canvas:
    """What is drawn, from the top down; `y` is where the next thing begins."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.y = MARGIN

    def skip(self, pixels: int) -> None:
        """Leave some room."""
        self.y += pixels

    def text(self, words: str, *, size: int, weight: str = "normal", fill: str = INK) -> None:
        """Words over the whole width, in as many lines as they need."""
        for line in wrapped(words, size, ROOM):
            self.y += round(size * 1.35)
            dressed = f'font-size="{size}" font-weight="{weight}" fill="{fill}"'
            self.parts.append(f'<text x="{MARGIN}" y="{self.y - 8}" {dressed}>{_plain(line)}</text>')

    def bar(self, bar: Bar, chart: Chart) -> None:
        """A label, below it the bar, and behind that what is counted; then what is said of it."""
        self.text(bar.label, size=18)
        room = ROOM - VALUES
        long = round(room * bar.value / max(chart.out_of, 1))
        self.parts.append(f'<rect x="{MARGIN}" y="{self.y}" width="{room}" height="22" rx="3" fill="{TRACK}"/>')
        if long:
            self.parts.append(f'<rect x="{MARGIN}" y="{self.y}" width="{long}" height="22" rx="3" fill="{FILL}"/>')
        shown = _plain(bar.shown or f"{bar.value:,}")
        at = MARGIN + room + 12
        self.parts.append(f'<text x="{at}" y="{self.y + 17}" font-size="18" font-weight="bold">{shown}</text>')
        self.y += 26
        if bar.note:
            self.text(bar.note, size=15, fill=MUTED)
        self.skip(8)


def wrapped(words: str, size: int, room: int) -> Iterator[str]:
    """The words in lines that fit, by an estimate of their letters' width; a word that is longer is divided."""
    line, used, most = "", 0.0, room / (size * _WIDE)
    for word in words.split():
        for piece in _divided(word, int(most / 2)):
            long = _long(piece)
            if line and used + 1 + long > most:
                yield line
                line, used = "", 0.0
            line, used = (f"{line} {piece}" if line else piece), used + long + (1 if line else 0)
    if line:
        yield line


def _divided(word: str, most: int) -> Iterator[str]:
    for at in range(0, len(word), most):
        yield word[at : at + most]


def _long(text: str) -> float:
    return sum(2 if ord(char) > 0x1100 else 1 for char in text)


def _plain(text: str) -> str:
    return escape(" ".join(legible(text).split()))
