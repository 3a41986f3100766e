"""docs/connect has a page for each product of *New application*, and each page says what its card sets."""
import unittest

from development import connect_pages


class TestConnectPages(unittest.TestCase):

    def test_each_product_has_its_page_and_each_page_its_product(self):
        self.assertEqual({path.name for path in connect_pages.FOLDER.glob('*.md')},
                         {connect_pages.INDEX.name, *(card.page for card in connect_pages.cards())})

    def test_what_a_card_sets_is_what_its_page_says(self):
        for path, text in connect_pages.pages().items():
            with self.subTest(path.name):
                self.assertEqual(path.read_text(), text, 'run ./dev test, which writes it anew')

    def test_redirect_uris_are_in_their_pages(self):
        for card in connect_pages.cards():
            text = (connect_pages.FOLDER / card.page).read_text()
            for uri in card.redirect_uris:
                with self.subTest(card.name):
                    self.assertIn(f'`{uri}`', text)

    def test_pages_are_short_and_begin_alike(self):
        for card in connect_pages.cards():
            lines = (connect_pages.FOLDER / card.page).read_text().splitlines()
            with self.subTest(card.name):
                self.assertTrue(lines[0].startswith('# Connect '))
                self.assertLessEqual(len(lines), 45)
