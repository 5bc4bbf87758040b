"""Google's API through gspread. The one module that imports it, and only when a relay or a command needs it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from app.sheets.errors import Busy, NotNow, OutcomeUnknown, Refused, SheetsError
from app.sheets.target import Target, service_account

if TYPE_CHECKING:
    from gspread.exceptions import APIError
    from gspread.http_client import HTTPClient

CONNECT_S, ANSWER_S = 10.0, 60.0
TRIES = 5
PATIENCE_S = 120.0
"""No try of a call begins later than this, and one wait, after the first."""
SCOPES = (
    "https://www.googleapis.com/auth/spreadsheets",
    "https://www.googleapis.com/auth/drive.metadata.readonly",  # finds a spreadsheet by its title
    "https://www.googleapis.com/auth/drive.file",  # shares the one that `flask sheets create` makes
)

T = TypeVar("T")


@dataclass
class Client:
    """A session with Google as our service account; every request waits for its turn. For one thread."""

    target: Target
    wait_for_turn: Callable[[], None]
    pause: Callable[[float], None]
    """Sleeps for so many seconds."""
    timeout_s: tuple[float, float]
    forget: Callable[[], None]
    """Called when the spreadsheet is not what it was."""
    email: str = ""
    """The service account's address, once the credentials were read."""
    _http: "HTTPClient | None" = field(default=None, repr=False)

    def load(self) -> None:
        """Import gspread now: half a second, and 18 MB, that the first row would cost in the middle of requests."""
        for module in ("gspread.http_client", "google.oauth2.service_account", "tenacity"):
            import_module(module)

    @property
    def http(self) -> "HTTPClient":
        """gspread's client, whose methods are requests. Raises NotNow for bad credentials."""
        if self._http is None:
            from google.oauth2.service_account import Credentials
            from gspread.http_client import HTTPClient

            account = service_account(self.target.credentials)
            self.email = account["client_email"]
            try:
                credentials = Credentials.from_service_account_info(  # type: ignore[no-untyped-call]
                    account, scopes=SCOPES
                )
            except ValueError as error:
                raise NotNow(
                    "The private key in GOOGLE_CREDENTIALS is damaged. Copy the key file again."
                ) from error
            self._http = HTTPClient(credentials)
            self._http.set_timeout(self.timeout_s)
            self._http.session.mount("https://", _adapter(self.wait_for_turn))
        return self._http

    def patiently(self, call: Callable[[], T]) -> T:
        """What `call` returns, tried again while Google is busy."""
        import tenacity

        tries = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(Busy),
            wait=tenacity.wait_random_exponential(multiplier=1, max=16),
            stop=tenacity.stop_after_attempt(TRIES) | tenacity.stop_after_delay(PATIENCE_S),
            sleep=self.pause,
            reraise=True,
        )
        return tries(call)

    @contextmanager
    def in_our_words(self, writes_rows: bool = False) -> Iterator[None]:
        """Raise our errors instead of those of gspread, google-auth and requests."""
        import requests
        from google.auth.exceptions import GoogleAuthError, RefreshError
        from gspread.exceptions import APIError

        unclear = OutcomeUnknown if writes_rows else Busy
        try:
            yield
        except SheetsError:
            raise
        except APIError as error:
            raise self._meaning(error, unclear) from error
        except RefreshError as error:
            refused = Busy if error.retryable else NotNow
            raise refused(f"Google does not accept the key of {self.email}: {error.args[0]}") from error
        except GoogleAuthError as error:
            raise Busy(f"Google gave us no token: {error}") from error
        except requests.RequestException as error:
            silence = Busy if _never_left(error) else unclear
            raise silence(f"Google did not answer: {error}") from error

    def _meaning(self, error: "APIError", unclear: type[SheetsError]) -> SheetsError:
        status, said = error.response.status_code, str(error.error.get("message", ""))
        if status == 429 or "ratelimitexceeded" in error.response.text.lower():
            return Busy(f"Google wants fewer requests: {said}")
        if status in (408, 409) or status >= 500:
            return unclear(f"Google answered {status}: {said}")
        self.forget()
        if status == 400 and ("Unable to parse range" in said or "already exists" in said):
            return Busy("A worksheet is gone, or was made by another relay at the same time.")
        if status == 404:
            return Refused(self.target.not_seen_by(self.email))
        return Refused(f"{_HINTS.get(status, '')} Google says to {self.email}: {said}".strip())


_HINTS = {
    401: "The key is not accepted.",
    403: "We may not do that: share the spreadsheet with this address as an editor, "
    "and enable the Sheets and Drive APIs in its project.",
}


def _adapter(wait_for_turn: Callable[[], None]) -> Any:
    """Sends every request in its turn, also those that google-auth repeats with a fresh token."""
    from requests.adapters import HTTPAdapter

    class InTurn(HTTPAdapter):
        def send(self, *args: Any, **kwargs: Any) -> Any:
            wait_for_turn()
            return super().send(*args, **kwargs)

    return InTurn()


def _never_left(error: Exception) -> bool:
    """Whether a request failed before the first byte of it was sent, for want of a connection.

    An error of a proxy does not say so: urllib3 calls it that, too, when a connection through one breaks.
    """
    import requests
    from urllib3.exceptions import NewConnectionError, ProxyError

    reason = getattr(error.args[0] if error.args else None, "reason", None)
    cause = reason.original_error if isinstance(reason, ProxyError) else reason
    return isinstance(error, requests.ConnectTimeout) or isinstance(cause, NewConnectionError)
