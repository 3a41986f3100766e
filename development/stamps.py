"""Marks that say what a folder of `.dev/` was made from, so that it is made again when that changes.

The stamp is written last. A folder whose making was interrupted has none, and is made again.
"""

import fcntl
import json
import os
import shutil
from contextlib import contextmanager

NAME = 'made-from.json'


def is_made_from(folder, source):
    """Whether the folder is complete and was made from exactly this source (anything that JSON can hold)."""
    try:
        return json.loads((folder / NAME).read_text()) == source
    except (OSError, ValueError):
        return False


def mark(folder, source):
    """Declare the folder complete."""
    new = folder / f'{NAME}.new'
    new.write_text(json.dumps(source, indent=1) + '\n')
    os.replace(new, folder / NAME)


def remove(folder):
    """Delete a folder; its stamp goes first, so that an incomplete folder never counts as complete."""
    (folder / NAME).unlink(missing_ok=True)
    if folder.exists():
        shutil.rmtree(folder)


@contextmanager
def replacing(folder, source):
    """Make a folder under another name; it takes its own name only once it is complete."""
    new = folder.with_name(f'{folder.name}.new')
    remove(new)
    new.mkdir(parents=True)
    yield new
    mark(new, source)
    remove(folder)
    new.rename(folder)


@contextmanager
def alone(path):
    """Prevent other commands from doing the same work until the block ends (or this command is killed)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, 'w') as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
