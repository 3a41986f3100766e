import secrets
import time
import unittest

from hypothesis import given
from hypothesis import strategies as st
from properties import PROPERTY

from protocol.sealed import seal, unseal

KEY, OTHER = secrets.token_bytes(32), secrets.token_bytes(32)
SEALED = seal(KEY, 'name', {'a': 'b'}, time.time())
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10)


class TestSealed(unittest.TestCase):

    @PROPERTY
    @given(st.text(), st.dictionaries(st.text(), JSON))
    def test_what_was_sealed_is_what_is_opened(self, name, value):
        sealed = seal(KEY, name, value, time.time())
        self.assertEqual(unseal([OTHER, KEY], name, sealed, 60), value)
        self.assertRegex(sealed, r'^[A-Za-z0-9_-]+$')  # it goes into a cookie as it is

    def test_by_another_key_or_name_nothing_is_opened(self):
        sealed = seal(KEY, 'name', {'a': 'b'}, time.time())
        for keys, name in (([OTHER], 'name'), ([], 'name'), ([KEY], 'other'), ([KEY], '')):
            with self.subTest(name, keys=len(keys)):
                self.assertIsNone(unseal(keys, name, sealed, 60))

    def test_after_its_time_nothing_is_opened(self):
        self.assertIsNone(unseal([KEY], 'name', seal(KEY, 'name', {}, time.time() - 61), 60))
        self.assertEqual(unseal([KEY], 'name', seal(KEY, 'name', {}, time.time() - 50), 60), {})

    def test_letters_take_no_more_room_than_their_bytes(self):
        self.assertEqual(len(seal(KEY, 'name', 'ä' * 500, 0)), len(seal(KEY, 'name', 'xx' * 500, 0)))

    @PROPERTY
    @given(st.data())
    def test_what_was_changed_is_not_opened(self, data):
        sealed = SEALED
        at = data.draw(st.integers(0, len(sealed) - 3))  # the last ones hold bits that are not used
        other = data.draw(st.sampled_from([letter for letter in 'AZaz09-_' if letter != sealed[at]]))
        self.assertIsNone(unseal([KEY], 'name', sealed[:at] + other + sealed[at + 1:], 60))

    @PROPERTY
    @given(st.text())
    def test_any_text_is_opened_or_not(self, text):
        self.assertIsNone(unseal([KEY], 'name', text, 60))


if __name__ == '__main__':
    unittest.main()
