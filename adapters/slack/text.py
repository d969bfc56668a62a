"""Words on their way to and from Slack: made harmless, shortened visibly, read back as people typed them."""

import html
import re

# Control characters (but not tab and new line), overrides of the reading direction, lone surrogates and the
# byte order mark: none of them is something that a person means to say, and each has been used to deceive.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
_SEQUENCE = re.compile(r"<(?=[!@#]|https?:|mailto:|tel:)", re.IGNORECASE)
_MARKS = re.compile(r"([*_~`])")
_JOINER = "\u2060"  # word joiner: no width, and Slack's parsers do not look past it
_DANGLING = "\u200d\ufe0f\u2060"
_REFERENCE = re.compile(r"<([^<>\n]{1,3000})>")


def clean(text: str) -> str:
    """The text without control characters, direction overrides and lone surrogates; line breaks stay."""
    if text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return _UNWANTED.sub("", text)


def literal(text: str) -> str:
    """Text for a `plain_text` object or a `rich_text` element, which Slack shows as it stands.

    A sequence such as `<!channel>` is broken by a joiner without width all the same, in case some client or
    export should read it as markup after all.
    """
    text = clean(text)
    return _SEQUENCE.sub("<" + _JOINER, text) if "<" in text else text


def one_line(text: str) -> str:
    """The same on a single line, for labels and titles."""
    return " ".join(literal(text).split())


def escape(text: str) -> str:
    """Text for a `text` field, which Slack reads as markup: `&`, `<` and `>` as docs.slack.dev asks."""
    return clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def mrkdwn(text: str) -> str:
    """Text inside an `mrkdwn` object, its formatting characters taken apart so that they format nothing."""
    return _MARKS.sub(_JOINER + r"\1" + _JOINER, escape(text))


def units(text: str) -> int:
    """The length in UTF-16 code units, as Slack's clients count: an emoji outside the first plane is two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def shorten(text: str, limit: int) -> str:
    """At most `limit` units of the text; a cut shows as an ellipsis and never splits a joined emoji."""
    if units(text) <= limit:
        return text
    kept = text[: max(limit - 1, 0)]
    while (over := units(kept) - limit + 1) > 0 and kept:
        kept = kept[: len(kept) - max(1, over // 2)]
    space = kept.rfind(" ", max(0, len(kept) - 24))
    if space > 0:
        kept = kept[:space]
    return kept.rstrip(" \n\t" + _DANGLING) + "…"


def label(text: str, limit: int, otherwise: str) -> str:
    """A non-empty single line of at most `limit` units; Slack refuses empty labels."""
    return shorten(one_line(text), limit) or otherwise


def _spoken(match: re.Match[str]) -> str:
    target, _, name = match.group(1).partition("|")
    if target.startswith("@"):
        return "@" + (name or target[1:])
    if target.startswith("#"):
        return "#" + (name or target[1:])
    if target.startswith("!"):
        return name or "@" + target[1:].partition("^")[0]
    if "://" not in target and not target.startswith(("mailto:", "tel:")):
        return match.group(0)
    if not name or target.endswith(name) or target.rstrip("/").endswith(name):
        return name or target
    return f"{name} ({target})"


def mentioned(text: str) -> tuple[tuple[str, str], ...]:
    """The people whom a line mentions: as `typed` writes them, without the @, and their user ids."""
    found = []
    for match in _REFERENCE.finditer(text[:3000]):
        target, _, name = match.group(1).partition("|")
        if target.startswith(("@U", "@W")):
            found.append((clean(html.unescape(name or target[1:])).strip(), target[1:]))
    return tuple(found)


def typed(text: str) -> str:
    """What a person typed, from what Slack sends: references as `@name` and `#name`, entities undone.

    docs.slack.dev, "Formatting message text": `<@U1|name>`, `<#C1|name>`, `<!here>`, `<https://…|words>`.
    """
    if "<" in text:
        text = _REFERENCE.sub(_spoken, text)
    return clean(html.unescape(text) if "&" in text else text).strip()
