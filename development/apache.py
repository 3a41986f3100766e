"""Apache and two modules with which it takes part in OAuth: Debian's packages, unpacked into `.dev/apache`.

Only the part `clients` of the tests needs them.
"""

from . import debian, debian_archives, paths, stamps

PACKAGES = ['apache2-bin', 'libapache2-mod-auth-openidc', 'libapache2-mod-oauth2']


def environment():
    """The environment variables by which the tests find the program, and it its libraries.

    :raises Problem: it cannot be had here.
    """
    archives = debian_archives.archives()
    source = {'archives': [archive.suite for archive in archives], 'packages': PACKAGES, 'place': str(paths.APACHE)}
    if not stamps.is_made_from(paths.APACHE, source):
        message = "Apache: downloading Debian's packages of it and of two modules (3 MB)"
        with debian.unpacking(paths.APACHE, archives, source, message) as (apt, new):
            # What is installed already is not among the first, and some of it may be.
            needed = {*apt.download_with_dependencies(PACKAGES), *apt.download(PACKAGES)}
            debian.unpack(sorted(needed), new)
    return {
        'RESTAPI_OAUTH2_APACHE': str(paths.APACHE / 'usr'),
        'RESTAPI_OAUTH2_APACHE_LIBRARIES': debian.libraries(paths.APACHE),
    }
