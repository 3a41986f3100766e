"""Finding tests by name: the part with a file, class or method of that name."""

import ast
from typing import NamedTuple

from . import paths
from .processes import Problem

TESTS = paths.ROOT / 'tests'
PARTS = ('protocol', 'addon', 'mail', 'auth', 'business', 'system', 'clients')
# The files that run of a part where nothing is named: all of it takes long, and needs much.
SHORT = {'clients': ('test_mcp_typescript', 'test_oidc_client_ts')}
# Odoo runs tests that are not standard only if they are asked for by a tag.
TAGS = {part: f'{paths.ADDON}_{part}' for part in ('mail', 'auth', 'business')}
# Core has no tests of ours. It runs only when it is named.
NAMED_PARTS = (*PARTS, 'core')


class Test(NamedTuple):
    """A test method, or with `method` empty a class of tests, or with both empty a file."""

    part: str
    file: str
    group: str = ''
    method: str = ''

    @property
    def names(self):
        """All its possible names."""
        full = [name for name in (self.file, self.group, self.method) if name]
        return {'.'.join(full[start:]) for start in range(len(full))}

    @property
    def in_unittest(self):
        """Its name for `run_unittests.py`."""
        return '.'.join(name for name in (self.file, self.group, self.method) if name)

    @property
    def in_odoo(self):
        """Its name for Odoo's --test-tags."""
        start = f'{TAGS.get(self.part, "")}/{paths.ADDON}'
        if not self.group:
            folder = f'tests/{self.part}' if self.part in TAGS else 'tests'
            return f'{start}/{folder}/{self.file}.py'
        return f'{start}:{self.group}' + (f'.{self.method}' if self.method else '')


def files(part):
    """The files of a part's tests."""
    if part == 'addon':
        return sorted(TESTS.glob('test_*.py'))
    return sorted((TESTS / part).rglob('test_*.py'))


def all_tests():
    """Everything in the files that can be named."""
    for part in PARTS:
        for path in files(part):
            yield Test(part, path.stem)
            for node in ast.parse(path.read_text(), path).body:
                if isinstance(node, ast.ClassDef):
                    yield Test(part, path.stem, node.name)
                    for inner in node.body:
                        if isinstance(inner, ast.FunctionDef) and inner.name.startswith('test'):
                            yield Test(part, path.stem, node.name, inner.name)


def select(names):
    """The parts to run, each with its tests to run; an empty list of tests means all of them."""
    if not names:
        return {part: [Test(part, file) for file in SHORT.get(part, ())] for part in PARTS}
    chosen = {}
    for name in names:
        if name in NAMED_PARTS:
            chosen[name] = []
            continue
        wanted = name.removesuffix('.py').split('/')[-1].replace('::', '.').replace('.py.', '.')
        found = [test for test in all_tests() if wanted in test.names]
        if not found:
            parts = ', '.join(NAMED_PARTS)
            raise Problem(f'no test is called {name}: name a part ({parts}), a file, a class or a method')
        for test in found:
            if chosen.get(test.part) != []:
                chosen.setdefault(test.part, []).append(test)
    return {part: chosen[part] for part in NAMED_PARTS if part in chosen}
