"""A real server on a free port of this machine, with an instance folder and a migrated database of its own."""

import sqlite3
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.serving import BaseWSGIServer, make_server
from werkzeug.wrappers import Response

from app import create_app
from tests.fake_pages import FakePages

UNLIMITED = {"RECOGNIZE_RATE_LIMIT": "", "READ_RATE_LIMIT": "", "FEEDBACK_RATE_LIMIT": ""}


class Site:
    """One running server; it can be stopped and started again on the same port."""

    def __init__(self, instance: Path, **settings: Any) -> None:
        self._database = instance / "samples.sqlite"
        defaults: dict[str, Any] = {
            "APP_ENV": "development",
            "INSTANCE_DIR": str(instance),
            "DATABASE_URL": "",
            **UNLIMITED,
        }
        if "RECOGNITION" in settings:
            defaults["PAGE_READER"] = FakePages
        self.app = create_app({**defaults, **settings})
        upgraded = self.app.test_cli_runner().invoke(args=["db", "upgrade"])
        assert upgraded.exit_code == 0, upgraded.output
        self._port = 0
        self.start()

    @property
    def url(self) -> str:
        """Where it answers, without a slash at the end."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Answer requests."""
        self._server: BaseWSGIServer = make_server("127.0.0.1", self._port, self._answer, threaded=True)
        self._port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    def stop(self) -> None:
        """Refuse connections."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The app's answer, read and closed before it is sent: the server closes none whose browser has left."""
        return Response.from_app(self.app, environ, buffered=True)(environ, start_response)

    def samples(self) -> list[dict[str, Any]]:
        """Every row of the table `samples`, as SQLite has it."""
        with sqlite3.connect(self._database) as connection:
            connection.row_factory = sqlite3.Row
            rows = [dict(row) for row in connection.execute("SELECT * FROM samples ORDER BY created_at")]
        connection.close()
        return rows
