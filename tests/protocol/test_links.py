"""The links in README, docs/ and the page of Odoo's app store lead to something."""
import re
import unittest
from pathlib import Path

from lxml import html

ROOT = Path(__file__).parents[2]
STORE = ROOT / 'static' / 'description' / 'index.html'
# What Odoo's app store leaves of a description.
ALLOWED = {'section', 'div', 'h1', 'h2', 'h3', 'p', 'ul', 'ol', 'li', 'em', 'strong', 'code', 'img', 'a', 'br',
           'table', 'thead', 'tbody', 'tr', 'th', 'td', 'html', 'body'}


def anchors(page):
    """The anchors that GitHub makes of the headings of a page."""
    headings = re.findall(r'^#+ (.+)$', page.read_text(), re.MULTILINE)
    return {re.sub(r'[^\w\- ]', '', heading).lower().replace(' ', '-') for heading in headings}


class TestLinks(unittest.TestCase):

    def test_pages_and_headings(self):
        for page in (ROOT / 'README.md', ROOT / 'CHANGELOG.md', *(ROOT / 'docs').rglob('*.md')):
            for target in re.findall(r'\]\(([^)\s]+)\)', page.read_text()):
                path, _hash, anchor = target.partition('#')
                if '://' in path:
                    continue
                with self.subTest(page.name, target=target):
                    linked = (page.parent / path).resolve() if path else page
                    self.assertTrue(linked.exists())
                    if anchor:
                        self.assertIn(anchor, anchors(linked))


class TestAppStore(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.page = html.document_fromstring(STORE.read_text())

    def test_it_is_plain_html(self):
        self.assertEqual({element.tag for element in self.page.iter()} - ALLOWED, set())
        for element in self.page.iter():
            with self.subTest(element.tag, attributes=dict(element.attrib)):
                self.assertLessEqual(set(element.attrib), {'class', 'style', 'src', 'alt', 'href'})

    def test_its_pictures_are_those_of_the_docs(self):
        """The page can show only files beside it."""
        pictures = self.page.findall('.//img')
        self.assertGreaterEqual(len(pictures), 3)
        for picture in pictures:
            name = picture.get('src')
            with self.subTest(name):
                self.assertTrue(picture.get('alt'))
                self.assertEqual((STORE.parent / name).read_bytes(), (ROOT / 'docs' / 'images' / name).read_bytes(),
                                 'copy it from docs/images')
