"""The body of an answer, in each of the formats."""
from __future__ import annotations

import json
import re
from xml.etree import ElementTree

from .media_type import JSON, TEXT_XML, XML

# XML 1.0 §2.2: characters that XML cannot hold, not even escaped.
_NOT_IN_XML = re.compile('[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]')

FORMATS = (JSON, XML, TEXT_XML)


def render(members: dict, media_type: str) -> bytes:
    """Write an answer.

    :param members: maps names to strings, numbers, booleans, or nested members.
    :param media_type: one of `FORMATS`. XML has one root, `response`, with a child per member.
    :return: the body in UTF-8.
    """
    if media_type == JSON:
        return json.dumps(members, ensure_ascii=False).encode()
    root = ElementTree.Element('response')
    _add_children(root, members)
    return ElementTree.tostring(root, encoding='utf-8', xml_declaration=True)


def _add_children(element: ElementTree.Element, members: dict) -> None:
    for name, value in members.items():
        child = ElementTree.SubElement(element, name)
        if isinstance(value, dict):
            _add_children(child, value)
        else:
            text = json.dumps(value) if isinstance(value, bool) else str(value)
            child.text = _NOT_IN_XML.sub('\ufffd', text)
