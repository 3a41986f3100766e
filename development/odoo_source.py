"""Odoo 19 itself: a Debian package unpacked into `.dev/odoo`, or the checkout in ODOO_SRC."""

import os
import re
from pathlib import Path

from . import debian, debian_archives, paths, stamps
from .processes import Problem, say, step

SERIES = '19.0'
SUITE = 'sid'
PACKAGE = 'odoo-19'
TESTED_VERSION = '19.0.0+dfsg-1'

# Debian's Odoo links to these packages' files instead of carrying copies. Without them its pages fail.
ASSET_PACKAGES = (
    'libjs-jquery',
    'libjs-jquery-form',
    'libjs-underscore',
    'fonts-inconsolata',
    'fonts-montserrat',
    'fonts-roboto-unhinted',
)
# In sid its files have moved, so Odoo's links to them are broken; in released Debians they have not.
ASSET_PACKAGES_OF_RELEASE = ('fonts-font-awesome',)

UNPACKED = Path('usr/lib/python3/dist-packages')
OURS = (paths.ADDONS, paths.BENCH)


def location():
    """The folder that holds the Python package `odoo`."""
    checkout = os.environ.get('ODOO_SRC')
    return Path(checkout).expanduser().resolve() if checkout else paths.ODOO / UNPACKED


def addons_folders(ours=OURS):
    """The folders of Odoo's own addons that Odoo does not find by itself, then `ours`."""
    return [folder for folder in (location() / 'addons',) if folder.is_dir()] + list(ours)


def identity():
    """Identifies this Odoo: databases made with one are not used with another."""
    if os.environ.get('ODOO_SRC'):
        return f'checkout {location()}'
    return f'{PACKAGE} {(paths.ODOO / "version").read_text().strip()}'


def provide():
    """Unpack Odoo, unless it is there."""
    if os.environ.get('ODOO_SRC'):
        _check_series(location())
        return
    assets = [*ASSET_PACKAGES, *ASSET_PACKAGES_OF_RELEASE]
    source = {'package': PACKAGE, 'tested version': TESTED_VERSION, 'assets': assets}
    if stamps.is_made_from(paths.ODOO, source):
        return
    debian.check_tools()
    with step(f"Odoo {SERIES}: downloading Debian's {PACKAGE} (123 MB)"), stamps.replacing(paths.ODOO, source) as new:
        _unpack_odoo(new)
        _unpack_assets_of_release(new)
        _check_series(new / UNPACKED)
        _check_links(new / UNPACKED / 'odoo' / 'addons' / 'web')



def _unpack_odoo(folder):
    apt = debian.Apt('odoo', [debian_archives.Archive(debian_archives.main_archive().address, SUITE)])
    apt.update()
    version = apt.version(PACKAGE)
    if not version:
        raise Problem(
            f"Debian's {SUITE} has no {PACKAGE}: take a checkout of Odoo's branch {SERIES} and run "
            'ODOO_SRC=/path/to/odoo ./dev setup',
        )
    if version != TESTED_VERSION:
        say(f'    note: Debian has Odoo {version} now; this was tested with {TESTED_VERSION}')
    debian.unpack(apt.download([PACKAGE, *ASSET_PACKAGES]), folder)
    (folder / 'version').write_text(f'{version}\n')
    apt.forget()


def _unpack_assets_of_release(folder):
    archive = debian_archives.main_archive()
    if archive.suite in ('sid', 'unstable', 'testing'):
        archive = archive._replace(suite='stable')
    apt = debian.Apt('assets', [archive])
    apt.update()
    debian.unpack(apt.download(ASSET_PACKAGES_OF_RELEASE), folder)
    apt.forget()


def _check_series(folder):
    """Refuse an Odoo of another series."""
    release = folder / 'odoo' / 'release.py'
    text = release.read_text() if release.is_file() else ''
    found = re.search(r'^version_info = \((\d+), (\d+)', text, re.MULTILINE)
    series = '.'.join(found.groups()) if found else 'none'
    if series != SERIES:
        raise Problem(f'{folder} holds no Odoo {SERIES} but {series}: set ODOO_SRC to a checkout of branch {SERIES}')


def _check_links(folder):
    """Refuse an Odoo whose pages would fail, because a link to a web asset is broken."""
    broken = [path for path in folder.rglob('*') if path.is_symlink() and not path.exists()]
    if broken:
        raise Problem(
            f"{len(broken)} web assets of Debian's Odoo are missing (such as {broken[0].name}): take a checkout of "
            f"Odoo's branch {SERIES} and run ODOO_SRC=/path/to/odoo ./dev setup",
        )
