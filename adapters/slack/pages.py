"""The pages that a browser shows on the way to an installation and back: a title, a sentence or two, a link."""

import base64
import hashlib
from html import escape

from aiohttp import web

_STYLE = (
    "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1rem;color:#1d1c1d}"
    "a{color:#1f4d3a}"
)
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",  # the address holds a code
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def page(title: str, words: tuple[str, ...], *, status: int = 200, link: tuple[str, str] | None = None) -> web.Response:
    """A small page of plain text; `link` is an address and what it says."""
    paragraphs = "".join(f"<p>{escape(each)}</p>" for each in words)
    way = f'<p><a href="{escape(link[0])}">{escape(link[1])}</a></p>' if link else ""
    text = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style>"
        f"<main><h1>{escape(title)}</h1>{paragraphs}{way}</main></html>"
    )
    return web.Response(text=text, content_type="text/html", status=status, headers=_HEADERS)
