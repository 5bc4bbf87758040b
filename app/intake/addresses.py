"""Which web addresses we go to: what a link may look like, and which network addresses count as public."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, quote, unquote, urlsplit

import idna

from app.intake.errors import BadLink

SCHEMES = ("http", "https")
PORTS = (80, 443)
MAX_LINK_CHARS = 2000

_V6_PUBLIC = ip_network("2000::/3")
_NAT64 = ip_network("64:ff9b::/96")
"""An IPv4 address in disguise, as name servers of networks without IPv4 give it (RFC 6052)."""

_NEVER = tuple(
    ip_network(block)
    for block in (
        "192.0.0.0/24",  # protocol assignments; a cloud's metadata service lives here
        "192.88.99.0/24",  # relays of 6to4
        "168.63.129.16/32",  # looks public, is the host's own service on every machine at Azure
        "2001::/23",  # Teredo, ORCHID and other protocols, which carry addresses in addresses
        "2001:db8::/32",
        "2002::/16",  # 6to4, likewise
        "3fff::/20",
    )
)
"""What `is_global` lets pass in some version of Python, and no public web server has."""


@dataclass(frozen=True)
class Target:
    """A link taken apart. `host` is a name in ASCII or an IP address; `path` begins with a slash, with the query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The Host header: the port only where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == default_port(self.scheme) else f"{host}:{self.port}"

    @property
    def file_name(self) -> str:
        """What a person would call the file: the last part of the path, or else the host."""
        last = unquote(self.path.partition("?")[0].rsplit("/", 1)[-1])
        printable = "".join(c for c in last if c.isprintable() and c not in '\\/:*?"<>|')
        return printable.strip(" .")[:100] or self.host


def default_port(scheme: str) -> int:
    """The port that a link means when it names none."""
    return 443 if scheme == "https" else 80


def parse_link(link: str, *, any_port: bool = False) -> Target:
    """Take a link apart. Raises BadLink when it is not a plain http or https address."""
    link = link.strip()
    if not link or len(link) > MAX_LINK_CHARS:
        raise BadLink(
            "A link has 1 to %(most)s characters. Copy it from the browser's address bar.",
            most=f"{MAX_LINK_CHARS:,}",
        )
    if any(c.isspace() or not c.isprintable() or c == "\\" for c in link):
        raise BadLink("The link has a space or a character in it that no link has. Copy it again.")
    parts, port = _split(link)
    if parts.scheme not in SCHEMES:
        raise BadLink("The link must begin with http:// or https://.")
    if "@" in parts.netloc:
        raise BadLink("The link has a user name in it. Use one without a login, or upload the file.")
    if port is None:
        port = default_port(parts.scheme)
    if port not in PORTS and not any_port:
        raise BadLink(
            "The link names port %(port)s; only the web's own, 80 and 443, are used. Upload the file.",
            port=port,
        )
    return Target(parts.scheme, host_of(parts.hostname or ""), port, _path(parts))


def _split(link: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(link)
        port = parts.port
    except ValueError as error:
        raise BadLink("This is not a web address. Copy the link from the browser's address bar.") from error
    return parts, port


def _path(parts: SplitResult) -> str:
    """Path and query with everything escaped that has to be; escapes that are there stay."""
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    return f"{path}?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?')}" if parts.query else path


def host_of(name: str) -> str:
    """The host as it goes over the wire: ASCII by IDNA 2008, or an IP address in its usual spelling.

    Numbers that only old C functions take for an address (0x7f.1, 017700000001, 2130706433) are refused.
    """
    if ":" in name:
        return _literal(name)
    try:
        host = idna.encode(name, uts46=True).decode("ascii").rstrip(".")
    except (idna.IDNAError, UnicodeError) as error:
        raise BadLink("The link's server name is not one. Copy the link again.") from error
    last = host.rpartition(".")[2]
    return _literal(host) if last.isdecimal() or last.startswith("0x") else host


def _literal(text: str) -> str:
    """An IP address in its usual spelling; a zone (%eth0) would mean this machine's own cable."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError as error:
        raise BadLink("The link's server is a number that is no IP address. Use its name.") from error
    if "%" in text:
        raise BadLink("The link's server is on a local network. Upload the file instead.")
    return str(address)


def is_public(text: str) -> bool:
    """Whether an IP address is one of the public internet, where a web server may be."""
    try:
        address = ip_address(text)
    except ValueError:  # a zone that this version of Python does not know, or a resolver's nonsense
        return False
    if isinstance(address, IPv6Address) and address in _NAT64:
        address = IPv4Address(int(address) & 0xFFFF_FFFF)
    if isinstance(address, IPv6Address) and (address not in _V6_PUBLIC or address.scope_id):
        return False  # among others ::1, fc00::/7, fe80::/10, ff00::/8 and IPv4 in ::ffff:0:0/96
    is_never = any(address in block for block in _NEVER if block.version == address.version)
    return address.is_global and not (address.is_multicast or address.is_reserved or is_never)
