"""A link → the image or PDF behind it, fetched so that nobody can use us to reach what they cannot reach themselves."""

import ssl
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from ipaddress import ip_address
from typing import Any, cast
from urllib.parse import urljoin

from app.intake.addresses import Target, is_public, parse_link
from app.intake.documents import Kind, kind_of
from app.intake.errors import (
    BadLink,
    LinkFailed,
    LinksOff,
    LinkTooLarge,
    LinkTooSlow,
    NoPublicServer,
    NotADocument,
)
from app.intake.outside import BoundedReader, Deadline, Outside, Wire

MAX_REDIRECTS = 2
REDIRECTS = (301, 302, 303, 307, 308)
CONTENT_TYPES: dict[str, Kind] = {
    "image/png": "image",
    "image/jpeg": "image",
    "image/jpg": "image",  # wrong, and common
    "image/webp": "image",
    "image/gif": "image",
    "image/bmp": "image",
    "image/x-ms-bmp": "image",
    "application/pdf": "pdf",
}
_HEADERS_MAX_BYTES = 64 * 1024
_PIECE_BYTES = 64 * 1024


@dataclass(frozen=True)
class Fetched:
    """What a link led to: content and content type agree that it is an image or a PDF."""

    data: bytes
    content_type: str
    name: str


@dataclass(frozen=True)
class Rules:
    """How far we go for a link."""

    timeout_s: int
    max_bytes: int
    is_private_allowed: bool
    user_agent: str

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> "Rules":
        """The settings' rules. Private addresses are a developer's: two settings have to say so. Raises LinksOff."""
        if settings["LINKS"] != "on":
            raise LinksOff("Links are not opened here. Save the image and upload the file.")
        is_private_allowed = (settings["APP_ENV"], settings["LINK_ALLOW_PRIVATE"]) == ("development", "on")
        user_agent = f"Legible (+{settings['SITE_URL']})" if settings["SITE_URL"] else "Legible"
        return cls(settings["LINK_TIMEOUT_S"], settings["LINK_MAX_BYTES"], is_private_allowed, user_agent)


def fetch(url: str, settings: Mapping[str, Any], outside: Outside | None = None) -> Fetched:
    """The image or PDF behind a link. Raises an AppError of app/intake/errors.py."""
    return _Visit(Rules.from_settings(settings), outside or Outside()).follow(url)


class _Visit:
    """One link, with its redirects, by one deadline."""

    def __init__(self, rules: Rules, outside: Outside) -> None:
        self._rules, self._outside = rules, outside
        self._deadline = Deadline(rules.timeout_s, outside.clock)

    def follow(self, url: str) -> Fetched:
        try:
            for _ in range(MAX_REDIRECTS + 1):
                target = parse_link(url, any_port=self._rules.is_private_allowed)
                answer = self._visit(target)
                if isinstance(answer, Fetched):
                    return answer
                url = urljoin(f"{target.scheme}://{target.authority}{target.path}", answer)
        except TimeoutError as error:
            raise LinkTooSlow(
                "The link took longer than %(limit)s seconds. Save the file and upload it.",
                limit=self._rules.timeout_s,
            ) from error
        except ValueError as error:  # of urljoin
            raise BadLink(
                "The link leads on to something that is no web address. Upload the file."
            ) from error
        raise LinkFailed("The link leads from one address to the next too often. Use the last of them.")

    def _visit(self, target: Target) -> Fetched | str:
        """What is at an address, or where it sends us instead."""
        with closing(self._connect(target, self._addresses(target.host))) as wire:
            try:
                return self._ask(target, wire)
            except OverflowError as error:
                raise self._too_large() from error
            except TimeoutError:
                raise
            except (HTTPException, OSError, ValueError) as error:
                raise LinkFailed(
                    "“%(host)s” broke off or did not answer like a web server. Upload the file.",
                    host=target.host,
                ) from error

    def _addresses(self, host: str) -> list[str]:
        """Every address of a host, all of them public."""
        try:
            addresses = [str(ip_address(host))]
        except ValueError:
            addresses = self._look_up(host)
        if not addresses or not (self._rules.is_private_allowed or all(map(is_public, addresses))):
            raise _no_public_server(host)
        return addresses

    def _look_up(self, host: str) -> list[str]:
        try:
            return self._outside.resolve(host, self._deadline.left_s())
        except TimeoutError:
            raise
        except OSError as error:
            raise _no_public_server(host) from error

    def _connect(self, target: Target, addresses: list[str]) -> Wire:
        """A connection to the first of the checked addresses that answers, encrypted for the name in the link."""
        for num_left, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
            try:
                wire = self._outside.connect(address, target.port, self._deadline.left_s() / num_left)
                return self._encrypt(target, wire) if target.scheme == "https" else wire
            except ssl.SSLCertVerificationError as error:
                raise LinkFailed(
                    "“%(host)s” has no valid certificate for its name. Save the file and upload it.",
                    host=target.host,
                ) from error
            except OSError as error:
                self._deadline.left_s()
                failure = error
        raise LinkFailed(
            "“%(host)s” cannot be reached. Check the link, or upload the file.", host=target.host
        ) from failure

    def _encrypt(self, target: Target, wire: Wire) -> Wire:
        wire.settimeout(self._deadline.left_s())  # for the handshake as a whole
        try:
            return cast("Wire", self._outside.tls().wrap_socket(wire, server_hostname=target.host))  # type: ignore[arg-type]  # a socket, but for tests without TLS
        except OSError:
            wire.close()
            raise

    def _ask(self, target: Target, wire: Wire) -> Fetched | str:
        """Send the one request and read the answer."""
        wire.settimeout(self._deadline.left_s())
        wire.sendall(_request(target, self._rules.user_agent))
        reader = BoundedReader(wire, self._deadline, self._rules.max_bytes + _HEADERS_MAX_BYTES)
        response = HTTPResponse(cast("Any", reader), method="GET")
        response.begin()
        location = response.getheader("Location")
        if response.status in REDIRECTS and location:
            return location
        if response.status != 200:
            raise LinkFailed(
                "“%(host)s” answers %(status)s. Check the link, or upload the file.",
                host=target.host,
                status=response.status,
            )
        content_type = _content_type(response)
        return _agreed(Fetched(self._body(response), content_type, target.file_name))

    def _body(self, response: HTTPResponse) -> bytes:
        """The content, as long as its headers say and no longer than we take."""
        length = response.length  # None: until the server hangs up, or in chunks
        if length is not None and length > self._rules.max_bytes:
            raise self._too_large()
        stream, body = response if response.chunked else response.fp, bytearray()
        while (length is None or len(body) < length) and (piece := stream.read1(_PIECE_BYTES)):
            body += piece
            if len(body) > self._rules.max_bytes:
                raise self._too_large()
        if length is not None and len(body) != length:
            raise LinkFailed(
                "The server promised %(count)s bytes and sent others. Upload the file.", count=f"{length:,}"
            )
        return bytes(body)

    def _too_large(self) -> LinkTooLarge:
        return LinkTooLarge(
            "There are more than %(most)s bytes behind the link. Make the file smaller and upload it.",
            most=f"{self._rules.max_bytes:,}",
        )


def _no_public_server(host: str) -> NoPublicServer:
    return NoPublicServer(
        "No public web server is called “%(host)s”. Check the link, or upload the file.", host=host
    )


def _request(target: Target, user_agent: str) -> bytes:
    lines = (
        f"GET {target.path} HTTP/1.1",
        f"Host: {target.authority}",
        f"User-Agent: {user_agent}",
        f"Accept: {', '.join(CONTENT_TYPES)}",
        "Accept-Encoding: identity",
        "Connection: close",
        "\r\n",
    )
    return "\r\n".join(lines).encode("ascii")


def _content_type(response: HTTPResponse) -> str:
    """The declared type, one of `CONTENT_TYPES`, and sent as it is."""
    if response.getheader("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        raise NotADocument("The server sends the file packed, which nobody asked for. Save and upload it.")
    content_type = response.getheader("Content-Type", "").partition(";")[0].strip().lower()
    if content_type not in CONTENT_TYPES:
        raise NotADocument(
            "The link leads to something else than an image or a PDF. Use the link of the file itself."
        )
    return content_type


def _agreed(fetched: Fetched) -> Fetched:
    if kind_of(fetched.data) != CONTENT_TYPES[fetched.content_type]:
        raise NotADocument(
            "The server calls it %(kind)s, but it is something else. Save it and upload the file.",
            kind=fetched.content_type,
        )
    return fetched
