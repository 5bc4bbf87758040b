"""What a link may look like, and which network addresses are public."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.intake.addresses import is_public, parse_link
from app.intake.errors import BadLink

NOT_PUBLIC = [
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "168.63.129.16",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::808:808",
    "100::1",
    "2001::1",
    "2001:0:7f00:1::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:808:808::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "2606:4700::1%eth0",
    "fec0::1",
    "ff02::1",
    "nonsense",
]

PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "93.184.215.14",
    "100.63.255.255",
    "172.32.0.1",
    "2606:4700::1111",
    "2a00:1450::1",
    "64:ff9b::808:808",
]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_address_inside_some_network_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("link", "scheme", "authority", "path"),
    [
        ("https://example.org", "https", "example.org", "/"),
        (" HTTP://Example.org/a b.png".replace("a b", "a%20b"), "http", "example.org", "/a%20b.png"),
        ("https://example.org:443/x?y=1&z=ü#top", "https", "example.org", "/x?y=1&z=%C3%BC"),
        ("https://example.org:80/", "https", "example.org:80", "/"),
        ("https://straße.example./", "https", "xn--strae-oqa.example", "/"),
        ("http://[2606:4700:0::1111]/", "http", "[2606:4700::1111]", "/"),
        ("http://①.①.①.①/", "http", "1.1.1.1", "/"),
    ],
)
def test_link_is_taken_apart(link: str, scheme: str, authority: str, path: str) -> None:
    target = parse_link(link)
    assert (target.scheme, target.authority, target.path) == (scheme, authority, path)


@pytest.mark.parametrize(
    ("link", "name"),
    [
        ("https://example.org/scans/page%201.png?size=2", "page 1.png"),
        ("https://example.org/", "example.org"),
        ("https://example.org/..%2F..%2Fetc%2Fpasswd%00", "....etcpasswd".strip(".")),
    ],
)
def test_file_is_named_after_the_link(link: str, name: str) -> None:
    assert parse_link(link).file_name == name


@given(st.text(max_size=60), st.sampled_from(["", "http://", "https://", "http://[", "//", "http://a@"]))
def test_any_text_is_taken_apart_or_refused(text: str, beginning: str) -> None:
    try:
        target = parse_link(beginning + text)
    except BadLink:
        return
    line = f"GET {target.path} HTTP/1.1 {target.authority}"
    assert line.isascii()
    assert line.isprintable()
    assert line.count(" ") == 3
