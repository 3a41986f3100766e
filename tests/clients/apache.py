"""An Apache with some configuration, and the application behind it, which trusts the headers that it sets."""
import json
import os
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

MODULES = ('mpm_event', 'env', 'headers', 'authn_core', 'authz_core', 'authz_user', 'proxy', 'proxy_http',
           'auth_openidc', 'oauth2')
CONFIGURATION = """
ServerRoot {folder}
ServerName 127.0.0.1
DefaultRuntimeDir {folder}
PidFile {folder}/pid
ErrorLog {folder}/error.log
Listen 127.0.0.1:{port}
{modules}
{user}
{configuration}
ProxyPass / {behind}/
"""


class Behind(HTTPServer):
    """An application that knows its users by the headers of each request: it tells them."""

    def __init__(self):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header('Content-Type', 'text/plain')
                self.end_headers()
                self.wfile.write(json.dumps({name.upper(): value for name, value in self.headers.items()}).encode())

            def log_message(self, *arguments):
                """Say nothing."""

        super().__init__(('127.0.0.1', 0), Handler)
        self.address = f'http://127.0.0.1:{self.server_port}'
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        """Stop serving."""
        self.shutdown()
        self.server_close()


def serve(test, configuration):
    """Run an Apache until a test is over, at the test's own address.

    :param test: a :class:`client_case.ClientCase`.
    :param configuration: what the modules are told.
    """
    behind, folder = Behind(), Path(test.enterContext(tempfile.TemporaryDirectory()))
    test.addCleanup(behind.close)
    place = Path(os.environ['RESTAPI_OAUTH2_APACHE'])
    file = folder / 'apache.conf'
    file.write_text(CONFIGURATION.format(
        folder=folder, port=test.port, behind=behind.address, configuration=configuration,
        modules='\n'.join(f'LoadModule {name}_module {place}/lib/apache2/modules/mod_{name}.so' for name in MODULES),
        # As root it serves no page.
        user='User www-data\nGroup www-data' if os.geteuid() == 0 else ''))
    test.serve(place / 'sbin' / 'apache2', '-f', file, '-D', 'FOREGROUND',
               LD_LIBRARY_PATH=os.environ['RESTAPI_OAUTH2_APACHE_LIBRARIES'])
