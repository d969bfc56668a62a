"""What may stand in a file's XML: people paste whatever they have copied."""

import re

# Whatever XML 1.0 has no way to write (https://www.w3.org/TR/xml/#charsets), and the halves of surrogate pairs.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legible(text: str) -> str:
    """The text without the characters that no XML file can hold."""
    return _UNWRITABLE.sub("", text)
