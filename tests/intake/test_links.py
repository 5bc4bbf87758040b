"""Hostile links: each is refused with a sentence, and nothing leaves for where it leads."""

import socket

import pytest

from app.config import BadSetting
from app.errors import AppError
from app.intake import addresses
from app.intake.errors import BadLink, LinkFailed, LinksOff, NoPublicServer
from app.intake.links import fetch
from app.intake.outside import Outside
from tests.intake.web import PNG, PUBLIC, Listener, answer, link_settings, redirect, web_server, world

HOSTILE_HOSTS = [
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "0.0.0.0",
    "0",
    "localhost",
    "127.8.8.8",
    "2130706433",
    "017700000001",
    "0x7f000001",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "127.0.0.01",
    "127.0x1",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
    "１２７.0.0.1",
    "127.0.0.1.",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:127.0.0.1]",
    "[::127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "[2001:0:7f00:1::]",
    "[fe80::1]",
    "[fe80::1%25lo]",
    "[fc00::1]",
    "[ff02::1]",
    "[::1%25lo]",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.0.192",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
]

HOSTILE_LINKS = [
    "http://user@{host}/",
    "http://user:word@{host}/",
    "http://public.example@{host}/",
    "http://{host}@public.example/",
    "http://public.example%40{host}/",
    "http://{host}\\@public.example/",
    "http://public.example\\@{host}/",
    "http://{host}#@public.example/",
    "http://{host}?@public.example/",
    "http:///{host}/",
    "http:{host}",
    "//{host}/",
    "{host}",
    "ftp://{host}/",
    "file:///etc/passwd",
    "file://{host}/etc/passwd",
    "gopher://{host}/_x",
    "dict://{host}/",
    "data:image/png;base64,AA",
    "javascript:1",
    "ws://{host}/",
    "ldap://{host}/",
    "jar:http://{host}!/",
    "http+unix://%2Frun%2Fx.sock/",
    "http://public.example:22/",
    "http://public.example:6379/",
    "https://public.example:8443/",
    "http://public.example:0/",
    "http://public.example:99999/",
    "http://public.example:-80/",
    "http://public.example:8o/",
    "http://[::1/",
    "http://[]/",
    "http://[127.0.0.1]/",
    "http://ex%61mple.org/",
    "http://public..example/",
    "http://-/",
    "http://",
    "https://",
    "",
    "   ",
    "http://{host}/\r\nHost: x",
    "http://{host}/ x",
    "http://pub\tlic.example/",
    "http://a/" + "x" * 2000,
]


def assert_refused(link: str, outside: Outside) -> AppError:
    with pytest.raises(AppError) as caught:
        fetch(link, link_settings(), outside)
    error = caught.value
    assert 400 <= error.status < 500
    assert str(error).endswith(".")
    assert ". " in str(error) or "must" in str(error)  # what is wrong, and what to do
    return error


@pytest.mark.parametrize("host", HOSTILE_HOSTS)
def test_link_into_this_machine_or_its_network_sends_nothing(
    listener: Listener, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    """Through the system's own resolver and sockets; the listener's port counts as one of the web's."""
    monkeypatch.setattr(addresses, "PORTS", (80, 443, listener.port))
    assert_refused(f"http://{host}:{listener.port}/a.png", Outside())
    assert not listener.was_reached()


@pytest.mark.parametrize("link", HOSTILE_LINKS)
def test_link_that_is_no_plain_web_address_sends_nothing(
    listener: Listener, monkeypatch: pytest.MonkeyPatch, link: str
) -> None:
    monkeypatch.setattr(addresses, "PORTS", (80, 443, listener.port))
    outside = world(listener.port)
    assert_refused(link.replace("{host}", f"127.0.0.1:{listener.port}"), outside)
    assert not listener.was_reached()


def test_listener_would_notice(listener: Listener) -> None:
    """The proof of the tests above: where both settings allow it, the same link does arrive."""

    def connect(address: str, port: int, timeout_s: float) -> socket.socket:
        socket.create_connection((address, port), timeout_s).close()
        raise ConnectionError

    settings = link_settings(APP_ENV="development", LINK_ALLOW_PRIVATE="on")
    with pytest.raises(LinkFailed):
        fetch(f"http://127.0.0.1:{listener.port}/", settings, Outside(connect=connect))
    assert listener.was_reached()


@pytest.mark.parametrize(
    "found",
    [
        ["127.0.0.1"],
        ["10.0.0.1"],
        [PUBLIC, "10.0.0.1"],
        ["::ffff:127.0.0.1"],
        ["64:ff9b::7f00:1"],
        ["fe80::1%eth0"],
        [PUBLIC, "::1"],
        [],
    ],
)
def test_name_with_an_address_that_is_not_public_sends_nothing(listener: Listener, found: list[str]) -> None:
    outside = world(listener.port, inside=found)
    assert isinstance(assert_refused("http://inside.example/a.png", outside), NoPublicServer)
    assert not listener.was_reached()


def test_unknown_name_and_private_name_sound_the_same(listener: Listener) -> None:
    def resolve(_name: str, _timeout_s: float) -> list[str]:
        raise socket.gaierror("Name or service not known")

    unknown = assert_refused("http://a.example/", Outside(resolve=resolve))
    private = assert_refused("http://a.example/", world(listener.port, a=["10.0.0.1"]))
    assert (str(unknown), unknown.code) == (str(private), private.code)


def test_name_that_changes_its_address_after_the_check_changes_nothing() -> None:
    answers = [[PUBLIC], ["127.0.0.1"]]
    reached: list[tuple[str, int]] = []

    with web_server(answer()) as port:

        def connect(address: str, to_port: int, timeout_s: float) -> socket.socket:
            reached.append((address, to_port))
            return socket.create_connection(("127.0.0.1", port), timeout_s)

        outside = Outside(resolve=lambda _name, _timeout_s: answers.pop(0), connect=connect)
        assert fetch("http://rebinding.example/a.png", link_settings(), outside).data == PNG
    assert reached == [(PUBLIC, 80)]
    assert answers == [["127.0.0.1"]]


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1/",
        "http://inside.example/",
        "//inside.example/",
        "http://2130706433/",
        "http://[::1]/",
        "http://public.example:22/",
        "ftp://public.example/",
        "file:///etc/passwd",
        "http://u:p@public.example/",
        "http://[",
    ],
)
def test_redirect_is_checked_like_the_link(location: str) -> None:
    with web_server(redirect(location)) as port:  # a second connection would find no answer
        assert isinstance(
            assert_refused("http://public.example/", world(port, inside=["10.0.0.1"])),
            BadLink | NoPublicServer,
        )


def test_two_redirects_are_followed() -> None:
    with web_server(redirect("/b"), redirect("http://other.example/c.png"), answer()) as port:
        fetched = fetch("http://public.example/a", link_settings(), world(port))
    assert (fetched.data, fetched.content_type, fetched.name) == (PNG, "image/png", "c.png")


@pytest.mark.parametrize("count", [3, 6])
def test_more_redirects_are_refused(count: int) -> None:
    with web_server(*[redirect("/again")] * count) as port:
        assert isinstance(assert_refused("http://public.example/", world(port)), LinkFailed)


@pytest.mark.parametrize(
    "changes", [{}, {"LINK_ALLOW_PRIVATE": "on"}, {"APP_ENV": "development"}], ids=["none", "allow", "env"]
)
def test_private_addresses_need_both_settings(listener: Listener, changes: dict[str, str]) -> None:
    settings = {**link_settings(), **changes}  # past the check at the start
    with pytest.raises(AppError):
        fetch(f"http://127.0.0.1:{listener.port}/", settings)
    assert not listener.was_reached()


def test_developer_may_fetch_from_this_machine() -> None:
    settings = link_settings(APP_ENV="development", LINK_ALLOW_PRIVATE="on")
    with web_server(answer()) as port:
        assert fetch(f"http://127.0.0.1:{port}/seven.png", settings).name == "seven.png"


def test_links_can_be_off(listener: Listener) -> None:
    with pytest.raises(LinksOff):
        fetch("http://public.example/", link_settings(LINKS="off"), world(listener.port))
    assert not listener.was_reached()


def test_production_does_not_start_with_private_links() -> None:
    with pytest.raises(BadSetting, match="APP_ENV=development"):
        link_settings(LINK_ALLOW_PRIVATE="on")


@pytest.mark.parametrize("name", ["LINK_TIMEOUT_S", "LINK_MAX_BYTES"])
def test_bounds_of_links_are_never_off(name: str) -> None:
    with pytest.raises(BadSetting, match="1 or more"):
        link_settings(**{name: 0})
