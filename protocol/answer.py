"""The body of an answer in the formats that a caller may ask for."""
from __future__ import annotations

import json
from xml.etree import ElementTree

from .media_type import JSON, TEXT_XML, XML

FORMATS = (JSON, XML, TEXT_XML)


def render(members: dict, media_type: str) -> bytes:
    """Write an answer.

    :param members: names to strings or numbers.
    :param media_type: one of `FORMATS`. XML has one root, `response`, with a child per member.
    :return: the body in UTF-8.
    """
    if media_type == JSON:
        return json.dumps(members, ensure_ascii=False).encode()
    root = ElementTree.Element('response')
    for name, value in members.items():
        ElementTree.SubElement(root, name).text = str(value)
    return ElementTree.tostring(root, encoding='utf-8', xml_declaration=True)
