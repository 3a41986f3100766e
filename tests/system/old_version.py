"""Old versions of this addon, from the history of this repository."""
import subprocess
from pathlib import Path

from development import paths

# The last commit of each version that administrators may update from.
LAST_COMMITS = {
    '19.0.1.0.0': 'e7ca09c22a98ac5c1954e603bb8280162efd38fb',
    '19.0.1.1.0': '6bd695d7e79a29d1fff1d5b5d2a9d212c92e8cc3',
    '19.0.1.2.0': 'da0a2138f5124217876043c9483c1e72bcc3bacc',
    '19.0.1.4.0': 'e8ff08dd6bd4e864b09888e5dbc4299c44668293',
}


def unpack(version, folder):
    """Lay the addon as it was into a folder, under the addon's name.

    :raises AssertionError: the history is not there, with the way to get it.
    """
    commit, place = LAST_COMMITS[version], Path(folder, paths.ADDON)
    place.mkdir()
    archive = Path(folder, 'archive.tar')
    packed = _git('archive', f'--output={archive}', commit)
    assert packed.returncode == 0, (
        f'{version} is not to be had from the history of {paths.ROOT} ({packed.stderr.strip()}). Of a shallow clone, '
        'fetch the rest: git fetch --unshallow. Anything else than a clone has no history: clone the repository.')
    subprocess.run(['tar', '-xf', archive, '-C', place], check=True)
    archive.unlink()


def _git(*arguments):
    # The checkout may be another user's, as where root runs the tests in it.
    return subprocess.run(['git', '-c', 'safe.directory=*', '-C', paths.ROOT, *arguments],
                          capture_output=True, text=True, check=False)
