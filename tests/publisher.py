"""A web server on this machine that publishes documents by https: an application's website in the tests."""
import contextlib
import datetime
import ipaddress
import os
import ssl
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Publisher:
    """A server at an address of this machine, with a certificate for some names.

    :ivar pages: by path, the status, headers and body of the answer, or a function that takes the request's handler and
        answers by itself.
    :ivar asked: the requests that came, each as its path and its headers.
    """

    def __init__(self, authority, address='127.0.0.1', port=0, names=('127.0.0.1', 'localhost')):
        self.pages, self.asked = {}, []
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def do_GET(self):
                publisher.asked.append((self.path, dict(self.headers)))
                page = publisher.pages.get(self.path, (404, {}, b''))
                if callable(page):
                    page(self)
                else:
                    self.respond(*page)

            def respond(self, status, headers, body):
                self.send_response(status)
                for name, value in {'Content-Length': len(body), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_arguments):
                pass

        self.server = _Server((address, port), Handler)
        self.server.socket = authority.context(names).wrap_socket(
            self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.address, self.port = self.server.server_address
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_error):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def url(self, path, host=None):
        """The address of a page."""
        return f'https://{host or self.address}:{self.port}{path}'


@contextlib.contextmanager
def trusted_site():
    """A :class:`Publisher` whose certificate this process trusts during the block."""
    authority = Authority()
    with authority.trusted(), Publisher(authority) as site:
        yield site


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request, client_address):
        """Say nothing: that connections break off is what is tested."""


class Authority:
    """Makes certificates. Within :meth:`trusted`, this process trusts them, by OpenSSL's variables."""

    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, 'Authority of the tests')])
        self.certificate = self._certificate(self.name, self.key, x509.BasicConstraints(ca=True, path_length=None))

    @contextlib.contextmanager
    def trusted(self):
        """Let what is fetched be certified by this authority."""
        former = os.environ.get('SSL_CERT_FILE')
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, 'authority.pem')
            path.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
            os.environ['SSL_CERT_FILE'] = str(path)
            try:
                yield
            finally:
                os.environ.pop('SSL_CERT_FILE')
                if former is not None:
                    os.environ['SSL_CERT_FILE'] = former

    def context(self, names):
        """What a server with these names needs."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, 'A server of the tests')])
        certificate = self._certificate(subject, key, x509.SubjectAlternativeName([
            x509.IPAddress(_address(name)) if _address(name) else x509.DNSName(name) for name in names]))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, 'server.pem')
            path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
            context.load_cert_chain(path)
        return context

    def _certificate(self, subject, key, extension):
        now = datetime.datetime.now(datetime.timezone.utc)
        return (x509.CertificateBuilder().subject_name(subject).issuer_name(self.name).public_key(key.public_key())
                .serial_number(x509.random_serial_number())
                .not_valid_before(now - datetime.timedelta(hours=1)).not_valid_after(now + datetime.timedelta(days=1))
                .add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
                .sign(self.key, hashes.SHA256()))


def _address(name):
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None
