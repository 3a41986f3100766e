"""The table of methods that tokens may call (docs/methods.md), made from the policies at the door."""

import ast

from . import paths

TABLE = paths.ROOT / 'docs' / 'methods.md'
ROOM = paths.ROOT / 'models' / 'door' / 'methods'
POLICY = '_call_'
# In the order in which a reader would ask.
ORDER = ('find', 'read', 'names', 'groups', 'export', 'about', 'create', 'change', 'load')
INTRODUCTION = """# What tokens may call

An access token that may not do everything calls these methods of Odoo's models, by JSON-2, XML-RPC and JSON-RPC, and in
routes of addons by `request.oauth2.call`. Everything that is handed in is looked at before the method runs. Any other
method is refused, unless a line of a scope names it; those that every model has for Odoo's own pages (`onchange`,
`get_views`, `web_read_group` and so on) take the scope `odoo`.

"Open" is what a line of one of the token's scopes opens. Arguments may be left out as in Odoo; an empty one counts as
left out. Arguments that are not known are refused. `./dev test` makes this page of the code (models/door/methods).
"""


def check(tally):
    """Write the table anew; fail if it was out of date."""
    text = table()
    if not TABLE.exists() or TABLE.read_text() != text:
        TABLE.write_text(text)
        tally.fail(f'{TABLE.relative_to(paths.ROOT)} was stale; it has been written anew: look at it and commit it')


def table():
    """The text of the page."""
    parts = [INTRODUCTION]
    for name in ORDER:
        tree = ast.parse((ROOM / f'{name}.py').read_text())
        parts.append(f'\n## {ast.get_docstring(tree).rstrip(".")}\n\n| method | what has to be open |\n|---|---|\n')
        parts += [_row(node) for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and _is_policy(node)]
    return ''.join(parts)


def _is_policy(node):
    return node.name.startswith(POLICY)


def _row(node):
    model, _two, method = node.name.removeprefix(POLICY).rpartition('__')
    called = f'{method} (of {model.replace("_", ".")})' if model else method
    return f'| `{called}` | {" ".join(ast.get_docstring(node).split())} |\n'
