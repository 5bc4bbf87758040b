"""What every answer carries: security headers; and how sessions and proxies are treated."""

import re

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from werkzeug.middleware.proxy_fix import ProxyFix

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "script-src 'self'",
        "style-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # over HTTPS the CSRF check needs the referrer of our own pages
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}

HSTS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}


PATH_HERE = re.compile(r"/(?![/\\])[^\\\s\x00-\x1f\x7f]*")

WITHOUT_SESSION = ("/api/", "/static/")


class PageSessions(SecureCookieSessionInterface):
    """Cookie sessions for pages. The API neither reads nor sets a cookie, and pays nothing for them; nor do files."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if request.path.startswith(WITHOUT_SESSION):
            return SecureCookieSession()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Extensions look into every session; where there is none, that shall not tell caches to mind cookies."""
        if not request.path.startswith(WITHOUT_SESSION):
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    """Add the headers, our sessions and, where the setting says so, trust in the proxies in front."""
    headers = HEADERS if app.config["APP_ENV"] == "development" else HEADERS | HSTS

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers.update(headers)
        return response

    app.session_interface = PageSessions()
    if proxies := app.config["TRUSTED_PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]


def is_path_here(target: str) -> bool:
    """Whether a browser that is sent to `target` stays on this site: one slash first, and nothing it may rewrite."""
    return PATH_HERE.fullmatch(target) is not None
