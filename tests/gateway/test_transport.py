"""Addresses that may be used, and connections that may be trusted."""

import datetime
import ipaddress
import socket
import ssl
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from specimens import letter

from beepost_mail.gateway.http import HttpGateway, safe_url
from beepost_mail.gateway.port import Unavailable

PONG = b'{"name": "BeePOST", "version": "9"}'


@pytest.mark.parametrize(
    "url",
    [
        "https://api.exemple.fr/v1",
        "https://api.exemple.fr:8443",
        "http://127.0.0.1:8080/v1",
        "http://127.8.9.10",
        "http://localhost:8080/v1",
        "http://[::1]:8080/v1",
    ],
)
def test_safe(url):
    assert safe_url(url) == url
    assert safe_url(f"{url}/") == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.exemple.fr",
        "ftp://api.exemple.fr",
        "file:///etc/passwd",
        "http://api.exemple.fr",
        "http://localhost.exemple.fr",
        "http://127.0.0.1.exemple.fr",
        "http://10.0.0.1",
        "http://0.0.0.0",
        "http://2130706433",
        "https://",
        "https:///v1",
        "https://lea:secret@exemple.fr",
        "http://127.0.0.1@exemple.fr",
        "http://127.0.0.1\\@exemple.fr",
        "http://127.0.0.1#@exemple.fr",
        "https://exemple.fr?a=b",
        "https://exemple.fr/a b",
        "https://exemple.fr\n.fr",
        "https://exemple.fr:99999",
        " https://exemple.fr",
    ],
)
def test_unsafe(url):
    with pytest.raises(ValueError):
        safe_url(url)
    with pytest.raises(ValueError):
        HttpGateway(url, "lea", "secret")


def self_signed(folder):
    """A certificate and key for 127.0.0.1 that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.timezone.utc)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "self-signed.pem"
    path.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


class TlsServer:
    """Answers one request after the handshake; remembers what it read in the clear."""

    def __init__(self, certificate):
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://127.0.0.1:{self._listening.getsockname()[1]}"
        self.read = b""
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_exception):
        self._thread.join(10)
        self._listening.close()

    def _serve(self):
        connection, _peer = self._listening.accept()
        connection.settimeout(10)
        try:
            with self._context.wrap_socket(connection, server_side=True) as secured:
                self.read = secured.recv(65536)
                secured.sendall(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                    b"Content-Length: %d\r\n\r\n" % len(PONG) + PONG
                )
        except OSError:
            connection.close()


def test_a_certificate_that_nobody_vouches_for_gets_nothing(tmp_path):
    with TlsServer(self_signed(tmp_path)) as server:
        gateway = HttpGateway(server.url, "lea", "secret", token="t" * 20)
        with pytest.raises(Unavailable):
            gateway.submit([letter()])
    assert server.read == b""


def test_a_certificate_that_the_system_knows_is_fine(tmp_path, monkeypatch):
    certificate = self_signed(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    with TlsServer(certificate) as server:
        gateway = HttpGateway(server.url, "lea", "secret", token="t" * 20)
        assert gateway.ping() == "BeePOST 9"
        gateway.close()
    assert b"Authorization: Bearer tttt" in server.read
    assert b"Accept-Encoding: identity" in server.read


def test_tls_is_not_spoken_to_a_plain_server(service):
    gateway = HttpGateway(
        service.url.replace("http://", "https://"), "lea", "secret", token="t" * 20
    )
    with pytest.raises(Unavailable):
        gateway.submit([letter()])


def test_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    gateway = HttpGateway(f"http://127.0.0.1:{port}", "lea", "s", token="t" * 20)
    with pytest.raises(Unavailable):
        gateway.submit([letter()])


def test_the_environment_neither_reroutes_nor_signs_in(
    gateway, service, monkeypatch, tmp_path
):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login other password other\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert "BeePOST" in gateway.ping()
