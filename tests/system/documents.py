"""The pages of the documentation, and their commands: run as by somebody who has copied them."""
import json
import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r'^( *)```(\w*)\n(.*?)^\1```$', re.MULTILINE | re.DOTALL)
# What a reader takes from an answer, and puts into a variable.
_COPIED = {'CODE': 'code', 'TOKEN': 'access_token', 'REFRESH_TOKEN': 'refresh_token'}

HTTP = 'HTTP/1.1'  # as a proxy answers; Odoo's own server, without one, says 1.0


def blocks(page):
    """The blocks of code of a page, each its language and its text.

    :param page: the page's path in the repository.
    """
    found = _BLOCK.findall((ROOT / page).read_text())
    return [(language, re.sub(f'^{indent}', '', text, flags=re.MULTILINE)) for indent, language, text in found]


def pages():
    """The paths of all pages that people wrote."""
    return sorted(str(path.relative_to(ROOT)) for path in (ROOT / 'README.md', *(ROOT / 'docs').rglob('*.md'))
                  if path.name not in ('compliance.md', 'methods.md'))


def steps(console):
    """The commands of a block, each with what is printed below it."""
    for part in re.split(r'^\$ ', console, flags=re.MULTILINE)[1:]:
        lines = part.splitlines()
        length = next(number for number, line in enumerate(lines) if not line.endswith('\\')) + 1
        yield '\n'.join(lines[:length]), '\n'.join(lines[length:]).strip()


class Reader:
    """Somebody who runs the commands of a page in a shell, one after the other.

    :param test: the test, which fails if something else is printed than the page shows.
    :param replaced: what a reader writes in place of the page's examples: texts by texts.
    :param functions: shell functions for programs that a reader has, but this machine has not.
    """

    def __init__(self, test, replaced, functions=''):
        self.test, self.replaced, self.functions = test, replaced, functions
        self.variables, self.answers = {}, {}

    def run(self, console, **environment):
        """Run the commands of a block. What they print has the members and the lines that the page shows."""
        for command, printed in steps(self.put(console)):
            with self.test.subTest(command=command):
                if re.fullmatch(r'(\w+=\S+ ?)+', command):
                    self.assign(command)
                    continue
                variables = [f'{name}={value}' for name, value in self.variables.items()]
                script = '\n'.join([self.functions, *variables, command])
                done = subprocess.run(['bash', '-euc', script], capture_output=True, text=True, timeout=300,
                                      env={**os.environ, **environment}, check=False)
                self.test.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                self.compare(printed, done.stdout)

    def put(self, text):
        """A text of a page, with the reader's own values."""
        for old, new in self.replaced.items():
            text = text.replace(old, new)
        return text

    def assign(self, command):
        for assignment in command.split():
            name, _equals, value = assignment.partition('=')
            self.variables[name] = self.answers.get(_COPIED.get(name), value)

    def compare(self, shown, printed):
        """What a page shows has the members of the answer, or its lines, but for what is left out (…)."""
        try:
            answer = json.loads(printed)
        except ValueError:
            answer = None
        if isinstance(answer, dict):
            self.test.assertNotIn('error', answer)
            self.answers.update(answer)
            if shown:
                self.test.assertEqual(list(json.loads(shown)), list(answer))
        else:
            for line in shown.splitlines():
                self.test.assertRegex(printed.replace('HTTP/1.0', HTTP), re.escape(line).replace('…', '.*'))
