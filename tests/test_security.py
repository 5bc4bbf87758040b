"""One walk over every route of the URL map. A new route fails here until it says what it is."""

import io
import re
from dataclasses import dataclass
from http.cookies import SimpleCookie

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from app.accounts.people import give_role
from app.accounts.tables import User
from app.database import now
from app.extensions import db
from app.security import HEADERS, HSTS
from tests.conftest import AppMaker, Visitor

ACTORS = ("anonymous", "member", "reviewer", "owner")
EVERYBODY = frozenset(ACTORS)
SIGNED_IN = EVERYBODY - {"anonymous"}
OWNER_ALONE = frozenset({"owner"})
REVIEWERS = frozenset({"owner", "reviewer"})


@dataclass(frozen=True)
class Declared:
    """What a route is: its methods (HEAD and OPTIONS go without saying), who may call it, how a POST is guarded."""

    methods: frozenset[str] = frozenset({"GET"})
    who: frozenset[str] = EVERYBODY
    is_csrf_exempt: bool = False
    rate: str | None = None


POST = frozenset({"POST"})
FORM = frozenset({"GET", "POST"})

ROUTES = {
    "static": Declared(),
    "index.show": Declared(),
    "canvas.show": Declared(),
    "canvas.show_digits": Declared(),
    "upload.show": Declared(),
    "upload.recognize": Declared(POST, rate="READ_RATE_LIMIT"),
    "upload.stream": Declared(POST, rate="READ_RATE_LIMIT"),
    "upload.download": Declared(POST),
    "guide.show": Declared(),
    "language.choose": Declared(POST, is_csrf_exempt=True),
    "networks.show": Declared(),
    "networks.picture": Declared(),
    "feedback.keep": Declared(POST, rate="FEEDBACK_RATE_LIMIT"),
    "feedback.csrf_token": Declared(),
    "hand.learn": Declared(POST, rate="FEEDBACK_RATE_LIMIT"),
    "hand.stop": Declared(POST, rate="FEEDBACK_RATE_LIMIT"),
    "feedback.keep_by_token": Declared(POST, frozenset(), is_csrf_exempt=True, rate="FEEDBACK_RATE_LIMIT"),
    "account.show": Declared(who=SIGNED_IN),
    "account.ask_to_leave": Declared(who=SIGNED_IN),
    "account.leave": Declared(POST, SIGNED_IN, rate="LOGIN_RATE_LIMIT"),
    "account.gone": Declared(),
    "history.show": Declared(who=SIGNED_IN),
    "history.forget_one": Declared(POST, SIGNED_IN),
    "history.forget": Declared(POST, SIGNED_IN),
    "history.ask_to_forget_all": Declared(who=SIGNED_IN),
    "history.forget_all": Declared(POST, SIGNED_IN),
    "history.switch": Declared(POST, SIGNED_IN),
    "history.keep": Declared(POST, SIGNED_IN, rate="HISTORY_RATE_LIMIT"),
    "history.take_over": Declared(POST, SIGNED_IN, rate="ACCOUNT_RATE_LIMIT"),
    "history.download": Declared(POST, SIGNED_IN, rate="ACCOUNT_RATE_LIMIT"),
    "privacy.show": Declared(),
    "tokens.show": Declared(who=SIGNED_IN),
    "tokens.create": Declared(POST, SIGNED_IN, rate="ACCOUNT_RATE_LIMIT"),
    "tokens.revoke": Declared(POST, SIGNED_IN),
    "owner.show": Declared(who=OWNER_ALONE),
    "owner.accounts": Declared(who=OWNER_ALONE),
    "owner.change_role": Declared(POST, OWNER_ALONE),
    "owner.change_state": Declared(POST, OWNER_ALONE),
    "owner.mails": Declared(who=OWNER_ALONE),
    "owner.retry_mail": Declared(POST, OWNER_ALONE),
    "owner.log": Declared(who=OWNER_ALONE),
    "owner.settings": Declared(who=OWNER_ALONE),
    "releases.show": Declared(who=OWNER_ALONE),
    "releases.compare": Declared(who=OWNER_ALONE),
    "releases.activate": Declared(POST, OWNER_ALONE),
    "releases.roll_back": Declared(POST, OWNER_ALONE),
    "review.show": Declared(who=REVIEWERS),
    "review.decide": Declared(POST, REVIEWERS),
    "review.export_csv": Declared(who=REVIEWERS),
    "review.export_archive": Declared(who=REVIEWERS),
    "security.login": Declared(FORM, rate="LOGIN_RATE_LIMIT"),
    "security.logout": Declared(POST),
    "security.register": Declared(FORM, rate="ACCOUNT_RATE_LIMIT"),
    "security.send_confirmation": Declared(FORM, rate="ACCOUNT_RATE_LIMIT"),
    "security.confirm_email": Declared(FORM, rate="ACCOUNT_RATE_LIMIT"),
    "security.forgot_password": Declared(FORM, rate="ACCOUNT_RATE_LIMIT"),
    "security.reset_password": Declared(FORM, rate="ACCOUNT_RATE_LIMIT"),
    "security.change_password": Declared(FORM, SIGNED_IN, rate="LOGIN_RATE_LIMIT"),
    "security.change_email": Declared(FORM, SIGNED_IN, rate="LOGIN_RATE_LIMIT"),
    "security.change_email_confirm": Declared(),
    "security.finish_change_email": Declared(POST, rate="ACCOUNT_RATE_LIMIT"),
    "read.read": Declared(POST, is_csrf_exempt=True, rate="READ_RATE_LIMIT"),
    "api.recognize": Declared(POST, is_csrf_exempt=True, rate="RECOGNIZE_RATE_LIMIT"),
    "ops.healthz": Declared(),
}
WRITING = {"POST", "PUT", "PATCH", "DELETE"}
TOO_LARGE = b"x" * 2_000


def rules(app: Flask) -> list[Rule]:
    return list(app.url_map.iter_rules())


def path_of(rule: Rule) -> str:
    return (
        re.sub(r"<int(\(.*?\))?:\w+>", "1", rule.rule)
        .replace("<any(digit, character, combined):alphabet>", "digit")
        .replace("<any(csv, txt, json):kind>", "csv")
        .replace("<path:filename>", "x.css")
        .replace("<token>", "x")
    )


def test_every_route_is_declared(app: Flask) -> None:
    found = {rule.endpoint: (rule.methods or set()) - {"HEAD", "OPTIONS"} for rule in rules(app)}
    assert found == {endpoint: declared.methods for endpoint, declared in ROUTES.items()}


def is_let_in(answer: Response) -> bool:
    """Whether the route answered, be it with a complaint about the request."""
    is_sent_to_sign_in = (answer.location or "").startswith("/account/login?")
    return answer.status_code not in (401, 403) and not is_sent_to_sign_in


@pytest.mark.parametrize("actor", ACTORS)
def test_routes_answer_whom_they_say(make_app: AppMaker, actor: str) -> None:
    app = make_app(WTF_CSRF_ENABLED=False, SITE_URL="https://localhost", RATE_LIMIT_STORAGE_URL="memory://")
    uniquifier = signed_up(app, actor) if actor != "anonymous" else None
    for rule in rules(app):
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            client = app.test_client()
            with client.session_transaction() as session:
                session.update({"_user_id": uniquifier} if uniquifier else {})
            with client.open(path_of(rule), method=method) as answer:
                assert is_let_in(answer) is (actor in ROUTES[rule.endpoint].who), (method, rule)


def signed_up(app: Flask, role: str) -> str:
    """What the session of somebody with `role` holds."""
    with app.app_context():
        user = User(email=f"{role}@example.org", password="-", fs_uniquifier=role, confirmed_at=now())
        db.session.add(user)
        give_role(user, role)
        db.session.commit()
        return role


def test_state_changes_need_a_csrf_token(app: Flask, client: FlaskClient) -> None:
    for rule in rules(app):
        for method in (rule.methods or set()) & WRITING:
            code = client.open(path_of(rule), method=method, headers={"Accept": "application/json"}).json
            refused = code is not None and code["error"]["code"] == "csrf_failed"
            assert refused is not ROUTES[rule.endpoint].is_csrf_exempt, rule


def test_exempt_route_reads_and_sets_no_cookie(visitor: Visitor) -> None:
    visitor.token()
    answer = visitor.http.post("/api/v1/recognize", json={})
    assert "Set-Cookie" not in answer.headers
    assert "Vary" not in answer.headers


def test_security_headers_are_everywhere(app: Flask, client: FlaskClient) -> None:
    for path in [*map(path_of, rules(app)), "/nothing"]:
        for method in ("GET", "POST", "OPTIONS"):
            headers = client.open(path, method=method).headers
            assert {name: headers.get(name) for name in HEADERS | HSTS} == HEADERS | HSTS, (method, path)


def test_policy_allows_nothing_inline() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_hsts_is_for_production(make_app: AppMaker) -> None:
    answer = make_app(APP_ENV="development").test_client().get("/")
    assert "Strict-Transport-Security" not in answer.headers


def test_every_writing_route_has_the_body_limit(make_app: AppMaker) -> None:
    app = make_app(MAX_BODY_BYTES=1_000, WTF_CSRF_ENABLED=False)
    for rule in rules(app):
        if (rule.methods or set()) & WRITING:
            for kind in (
                "application/json",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
            ):
                answer = app.test_client().post(path_of(rule), data=TOO_LARGE, content_type=kind)
                is_refused = answer.status_code in (413, 415)  # 415: it does not even read this kind
                assert is_refused or not is_let_in(answer), (rule, kind)


def test_body_of_unknown_length_is_limited_too(make_app: AppMaker) -> None:
    client = make_app(MAX_BODY_BYTES=1_000).test_client()
    environ = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    answer = client.post(
        "/api/v1/recognize",
        input_stream=io.BytesIO(TOO_LARGE),
        content_type="application/json",
        environ_overrides=environ,
    )
    assert answer.status_code == 413


def test_rates_are_limited_where_declared(make_app: AppMaker) -> None:
    for endpoint, declared in ROUTES.items():
        if declared.rate is None:
            continue
        rate = {declared.rate: "1 per minute", "RATE_LIMIT_STORAGE_URL": "memory://"}
        app = make_app(WTF_CSRF_ENABLED=False, **rate)
        path = next(path_of(rule) for rule in rules(app) if rule.endpoint == endpoint)
        first, second = (app.test_client().post(path) for _ in range(2))
        assert first.status_code != 429
        assert second.status_code == 429
        assert 1 <= int(second.headers["Retry-After"]) <= 60


@pytest.mark.parametrize(("env", "is_secure"), [("production", True), ("development", False)])
def test_session_cookie_is_guarded(make_app: AppMaker, env: str, is_secure: bool) -> None:
    answer = make_app(APP_ENV=env).test_client().get("/csrf-token")
    cookie = SimpleCookie(answer.headers["Set-Cookie"])["session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert bool(cookie["secure"]) is is_secure


def test_csrf_token_of_another_visitor_is_refused(app: Flask) -> None:
    mine, theirs = Visitor(app), Visitor(app)
    mine.token()
    headers = {"X-CSRFToken": theirs.token(), "Referer": "https://localhost/"}
    assert mine.http.post("/feedback", json={}, headers=headers).json["error"]["code"] == "csrf_failed"  # type: ignore[index]


@pytest.mark.parametrize(("proxies", "address"), [(0, "10.0.0.1"), (1, "5.6.7.8")])
def test_forwarded_address_counts_only_behind_trusted_proxies(
    make_app: AppMaker, proxies: int, address: str
) -> None:
    app = make_app(TRUSTED_PROXIES=proxies)
    app.add_url_rule("/address", "address", lambda: str(request.remote_addr))
    headers = {"X-Forwarded-For": "1.2.3.4, 5.6.7.8"}
    answer = app.test_client().get("/address", headers=headers, environ_base={"REMOTE_ADDR": "10.0.0.1"})
    assert answer.text == address
