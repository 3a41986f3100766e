"""Every text for people is translated into all shipped languages."""
import re
import unittest
from pathlib import Path

from babel.messages.pofile import read_po

FOLDER = Path(__file__).parents[2] / 'i18n'
LANGUAGES = ('ar', 'de', 'es', 'fr', 'it', 'nl', 'pt_BR')
# What has to stand in a translation as it stands in the text.
PLACEHOLDER = re.compile(r'%\(\w+\)[sd]|%[sd]|\{\w+\}|</?\w+[^>]*>|`[^`]+`')


def texts(name):
    """The messages of a file, by their texts."""
    with (FOLDER / name).open('rb') as file:
        return {message.id: message for message in read_po(file) if message.id}


class TestTranslations(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = texts('restapi_oauth2.pot')

    def test_these_languages_are_there(self):
        self.assertEqual(sorted(file.stem for file in FOLDER.glob('*.po')), sorted(LANGUAGES))

    def test_no_term_is_left_out_fuzzy_or_without_its_placeholders(self):
        for language in LANGUAGES:
            messages = texts(f'{language}.po')
            self.assertEqual(messages.keys(), self.template.keys(), language)
            for text, message in messages.items():
                with self.subTest(language, text=text):
                    self.assertTrue(message.string)
                    self.assertFalse(message.fuzzy)
                    self.assertEqual(sorted(PLACEHOLDER.findall(text)), sorted(PLACEHOLDER.findall(message.string)))

    def test_sentences_are_translated_not_repeated(self):
        """Names and technical terms are the same in each language; sentences of several words are not."""
        sentences = [text for text in self.template if len(re.findall(r'\b[a-z]{3,}\b', text)) > 4]
        for language in LANGUAGES:
            messages = texts(f'{language}.po')
            repeated = [text for text in sentences if messages[text].string == text]
            self.assertLess(len(repeated), len(sentences) / 50, (language, repeated))
