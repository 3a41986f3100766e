"""The rooms of the addon, and the one direction of their imports (docs/architecture.md)."""
import ast
import unittest
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ['controllers', 'wire', 'models', 'protocol']  # each knows those after it
MEETING_POINT = 'models/ir_http'  # Odoo's own, of requests and models
LARGEST_ROOM = 12  # files


def _imports(path):
    """What a file imports: dotted names, of the addon's own as parts below its root."""
    package = path.relative_to(ROOT).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name
        elif isinstance(node, ast.ImportFrom):
            base = package[:len(package) + 1 - node.level] if node.level else ()
            for alias in node.names:
                yield '.'.join([*base, *(node.module or '').split('.'), alias.name]).replace('..', '.')


def _files(folder):
    return sorted((ROOT / folder).rglob('*.py'))


class TestOneDirection(unittest.TestCase):

    def test_no_room_imports_one_above_it(self):
        for number, room in enumerate(ROOMS):
            for path in _files(room):
                name = path.relative_to(ROOT).as_posix()
                above = set(ROOMS[:number]) | {'wizards', 'tests'}
                if name.startswith(MEETING_POINT):
                    above -= {'wire'}
                for imported in _imports(path):
                    with self.subTest(name, imports=imported):
                        self.assertNotIn(imported.partition('.')[0], above)

    def test_the_protocol_is_plain_python(self):
        for path in _files('protocol'):
            for imported in _imports(path):
                with self.subTest(path.name, imports=imported):
                    self.assertNotIn(imported.partition('.')[0], {'odoo', 'werkzeug'})

    def test_models_do_not_look_at_the_request(self):
        for path in _files('models'):
            if path.relative_to(ROOT).as_posix().startswith(MEETING_POINT):
                continue
            with self.subTest(path.name):
                self.assertNotIn('odoo.http.request', set(_imports(path)))

    def test_this_test_reads_imports(self):
        imports = set(_imports(ROOT / 'models' / 'keys' / 'oauth2_key_rotation.py'))
        self.assertIn('models.oauth2_configuration.LIMITS', imports)
        self.assertIn('models.keys.oauth2_signing_key.ACCESS_TOKEN', imports)


class TestRooms(unittest.TestCase):

    def test_no_room_has_more_than_a_dozen_files(self):
        for folder in {path.parent for path in _files('models')}:
            with self.subTest(folder.name):
                files = [path for path in folder.glob('*.py') if path.name != '__init__.py']
                self.assertLessEqual(len(files), LARGEST_ROOM)
