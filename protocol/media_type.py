"""The format of an answer, by the request's `Accept` header (RFC 9110 §12.5.1)."""
from __future__ import annotations

JSON = 'application/json'
XML = 'application/xml'
TEXT_XML = 'text/xml'
HTML = 'text/html'
JWT = 'application/jwt'  # RFC 7519 §10.3.1


def accepted(header: str | None) -> dict[str, float]:
    """Read an `Accept` header: media ranges in lower case, each with its quality from 0 to 1.

    Unreadable parts are ignored: content negotiation is advice, never a reason to fail.
    """
    ranges: dict[str, float] = {}
    for element in (header or '').split(','):
        media_range, *parameters = (part.strip().lower() for part in element.split(';'))
        quality: float | None = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition('=')
            if name.strip() == 'q':
                quality = _quality(value.strip())
        if '/' in media_range and quality is not None:
            ranges[media_range] = quality
    return ranges


def _quality(text: str) -> float | None:
    try:
        quality = float(text)
    except ValueError:
        return None
    return quality if 0 <= quality <= 1 else None  # false for "nan", too


def preferred(header: str | None, offered: tuple[str, ...]) -> str:
    """The offered media type that the caller prefers.

    A browser prefers HTML, and XML to JSON. Where no HTML is offered, it gets the server's default, not XML.

    :param offered: in the server's order of preference; the first is the default.
    """
    ranges = accepted(header)

    def quality(media_type: str) -> float:
        main_type = media_type.partition('/')[0]
        for media_range in (media_type, main_type + '/*', '*/*'):  # the most specific range decides
            if media_range in ranges:
                return ranges[media_range]
        return 0.0

    best = max(offered, key=quality)  # of equals, max() keeps the first
    return offered[0] if HTML not in offered and ranges.get(HTML, 0.0) > quality(best) else best


def names_program(header: str | None) -> bool:
    """Whether the caller names JSON or XML, and not HTML: it is a program, and wants no page."""
    named = {media_range for media_range, quality in accepted(header).items() if quality > 0}
    return bool(named & {JSON, XML, TEXT_XML}) and HTML not in named
