"""The compliance table, docs/compliance.md: which test covers which sentence of which specification.

It is made from the marks on the tests (tests/requirement.py), which are read from the files without running them, and
from the lists that must be complete: those of conformance_lists.py, and the catalogue of attacks.
"""

import ast
import re
from typing import NamedTuple

from . import paths
from .conformance_lists import ASVS, BASIC_OP, CONFIG_OP, KEY_ROTATION, MCP, Row
from .processes import Problem
from .test_selection import PARTS, TESTS, files

TABLE = paths.ROOT / 'docs' / 'compliance.md'
CATALOGUE = paths.ROOT / 'docs' / 'security.md'
ATTACKS = (*range(1, 78), *range(84, 94))

# In the order of the table. Every mark names one of these.
SPECIFICATIONS = {
    'contract': 'what docs/client-developer.md promises: 1 endpoints, 2 reading parameters, 3 answers, 4 `authorize`, '
    '5 `access_token`, 6 tokens, 7 using a token',
    'RFC 6749': 'OAuth 2.0',
    'RFC 6750': 'bearer tokens',
    'RFC 7009': 'token revocation',
    'RFC 7515': 'JSON Web Signature',
    'RFC 7517': 'JSON Web Key',
    'RFC 7518': 'JSON Web Algorithms',
    'RFC 7519': 'JSON Web Token',
    'RFC 7523': 'JSON Web Tokens by which clients prove themselves',
    'RFC 7591': 'dynamic client registration',
    'RFC 7592': 'dynamic client registration management',
    'RFC 7636': 'Proof Key for Code Exchange',
    'RFC 7638': 'thumbprints of keys',
    'RFC 7662': 'token introspection',
    'RFC 7797': 'unencoded payloads of JSON Web Signatures',
    'RFC 8252': 'native apps',
    'RFC 8414': 'authorization server metadata',
    'RFC 8628': 'devices without a browser',
    'RFC 8693': 'token exchange',
    'RFC 8707': 'resource indicators',
    'RFC 8725': 'best current practice for JSON Web Tokens',
    'RFC 9068': 'JWT access tokens',
    'RFC 9110': 'HTTP',
    'RFC 9207': 'the issuer in authorization answers',
    'RFC 9700': 'best current practice for OAuth 2.0 security',
    'RFC 9728': 'protected resource metadata',
    'RFC 9864': 'names of signature algorithms',
    'RFC 10070': 'the audience of client assertions; it updates RFC 7523',
    'CIMD': 'client ID metadata documents: draft-ietf-oauth-client-id-metadata-document-02',
    'OIDC Core': 'OpenID Connect Core 1.0',
    'OIDC Discovery': 'OpenID Connect Discovery 1.0',
    'OIDC Registration': 'OpenID Connect Dynamic Client Registration 1.0',
    'OIDC RP-Initiated Logout': 'OpenID Connect RP-Initiated Logout 1.0',
    'OAuth Form Post': 'OAuth 2.0 Form Post Response Mode',
    'OWASP ASVS 5.0': 'chapter V10, what concerns a provider and its API',
    'OpenID Basic OP': 'a plan of the OpenID conformance suite',
    'OpenID Config OP': 'a plan of the OpenID conformance suite',
    'OpenID key rotation': 'from the dynamic plan of the OpenID conformance suite',
    'MCP conformance': 'the conformance tool of the Model Context Protocol, authorization servers: its checks, for a '
                       'public client and for one with a secret: all of them succeed, without a warning',
    'attack': 'the catalogue in [security.md](security.md)',
}

INTRODUCTION = """\
# Compliance

Which test holds which sentence, in our own words. `./dev test` writes this page from the marks on the tests: change
those, not this. The last groups are lists that have to be complete: where a row has no test, it says why.
"""

HEAD = """\
## {}

{}.

| section | requirement | test |
|---|---|---|"""


class Mark(NamedTuple):
    """What one test checks: a sentence of a section of a specification."""

    specification: str
    section: str
    sentence: str
    test: str


def check(tally):
    """Write the table anew; fail for each row without a test or a reason, and if the table was out of date."""
    marks, problems = list(all_marks()), []
    text = table(marks, complete_lists(), problems)
    for problem in problems:
        tally.fail(f'compliance: {problem}')
    if not TABLE.exists() or TABLE.read_text() != text:
        TABLE.write_text(text)
        tally.fail(f'{TABLE.relative_to(paths.ROOT)} was stale; it has been written anew: look at it and commit it')


# ----------------------------------------------------------------------
# What the tests say
# ----------------------------------------------------------------------


def all_marks():
    """The marks of all tests, in the order of files and lines."""
    for part in sorted(PARTS):
        for path in files(part):
            for group in ast.parse(path.read_text(), path).body:
                if isinstance(group, ast.ClassDef):
                    for method in group.body:
                        if isinstance(method, ast.FunctionDef) and method.name.startswith('test'):
                            yield from _marks_of(method, path, group.name)


def _marks_of(method, path, group):
    file = path.relative_to(TESTS)
    test = f'[{file.with_suffix("")}](../tests/{file}): {group}.{method.name}'
    found = [
        Mark(*(*map(ast.literal_eval, decorator.args), '')[:3], test)
        for decorator in method.decorator_list
        if isinstance(decorator, ast.Call) and getattr(decorator.func, 'id', '') == 'requirement'
    ]
    # The name of an attack's test suffices as a mark.
    attack = re.match(r'test_attack_(\d+)_', method.name)
    if attack and ('attack', str(int(attack[1]))) not in {mark[:2] for mark in found}:
        found.append(Mark('attack', str(int(attack[1])), '', test))
    return found


# ----------------------------------------------------------------------
# What has to be there
# ----------------------------------------------------------------------


def complete_lists():
    """The lists in which no row may be left open."""
    return {
        'OWASP ASVS 5.0': ASVS,
        'OpenID Basic OP': BASIC_OP,
        'OpenID Config OP': CONFIG_OP,
        'OpenID key rotation': KEY_ROTATION,
        'MCP conformance': MCP,
        'attack': list(_attacks()),
    }


def _attacks():
    """The catalogue of attacks in docs/security.md: a row that is called tested needs a test; others have a reason."""
    rows, line = {}, re.compile(r'^\| ([\d, ]+) \| (.+?) \| (.+?) \|$', re.MULTILINE)
    for numbers, attack, defence in line.findall(CATALOGUE.read_text()):
        for number in numbers.split(', '):
            rows[int(number)] = Row(number, attack, reason='' if defence.startswith('tested') else defence)
    if sorted(rows) != list(ATTACKS):
        raise Problem(f'{CATALOGUE} does not list each of these attacks once: {list(ATTACKS)}')
    return (rows[number] for number in ATTACKS)


# ----------------------------------------------------------------------
# The table
# ----------------------------------------------------------------------


def table(marks, lists, problems):
    """The text of docs/compliance.md. Errors are added to `problems`."""
    parts = [INTRODUCTION]
    for mark in marks:
        if mark.specification not in SPECIFICATIONS:
            problems.append(f'{mark.specification} is none of {", ".join(SPECIFICATIONS)}: {mark.test}')
        elif not mark.sentence and mark.specification not in lists:
            problems.append(f'{mark.specification} {mark.section} needs a sentence: {mark.test}')
    for specification, title in SPECIFICATIONS.items():
        own = [mark for mark in marks if mark.specification == specification]
        if specification in lists:
            lines = _lines_of_list(specification, lists[specification], own, problems)
        else:
            lines = _lines_of_marks(own)
        if lines:
            parts.append('\n'.join([HEAD.format(specification, title[0].upper() + title[1:]), *lines, '']))
    return '\n'.join(parts)


def _lines_of_marks(marks):
    tests = {}
    for mark in marks:
        tests.setdefault((mark.section, mark.sentence), []).append(mark.test)
    ordered = sorted(tests, key=lambda row: _order(row[0]))
    return [_line(section, [sentence], tests[section, sentence]) for section, sentence in ordered]


def _lines_of_list(specification, rows, marks, problems):
    known = {row.section for row in rows}
    problems += [f'{specification} has no {mark.section}: {mark.test}' for mark in marks if mark.section not in known]
    lines = []
    for row in rows:
        own = [mark for mark in marks if mark.section == row.section]
        name = f'{specification} {row.section} ({row.sentence})'
        if not own and not row.reason:
            problems.append(f'{name} has neither a test nor a reason to have none')
        elif own and row.reason:
            problems.append(f'{name} has a test, and yet a reason to have none: {row.reason}')
        section = f'{row.section} (level {row.level})' if row.level else row.section
        sentences = dict.fromkeys([row.sentence, *(mark.sentence for mark in own if mark.sentence)])
        lines.append(_line(section, sentences, [mark.test for mark in own] or [row.reason or '**missing**']))
    return lines


def _line(section, sentences, tests):
    cells = (section, '<br>'.join(sentences), '<br>'.join(dict.fromkeys(tests)))
    return '| ' + ' | '.join(cell.replace('|', r'\|') for cell in cells) + ' |'


def _order(section):
    """The sort key: 4.2 before 4.10, and appendices last."""
    return [(0, int(part), '') if part.isdecimal() else (1, 0, part) for part in section.split('.')]
