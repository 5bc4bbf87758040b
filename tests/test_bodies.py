"""Bodies that nobody reads: the client still gets to see the answer."""

import io

import pytest
from flask.testing import FlaskClient

from app.bodies import DISCARD_BYTES


class Body(io.BytesIO):
    """A body as gunicorn gives it: it ends by itself."""

    def post_to(self, client: FlaskClient, path: str) -> int:
        environ = {
            "wsgi.input": self,
            "wsgi.input_terminated": True,
            "CONTENT_LENGTH": str(len(self.getvalue())),
        }
        return client.post(path, content_type="application/json", environ_overrides=environ).status_code


class GoneClient(Body):
    def read(self, _size: int | None = -1) -> bytes:
        raise ConnectionResetError


@pytest.mark.parametrize(
    ("path", "status"), [("/api/v1/recognize", 413), ("/feedback", 413), ("/nothing", 404), ("/", 405)]
)
def test_body_is_read_to_its_end(client: FlaskClient, path: str, status: int) -> None:
    body = Body(bytes(11_000_000))
    assert body.post_to(client, path) == status
    assert body.tell() == 11_000_000


def test_endless_body_is_not(client: FlaskClient) -> None:
    body = Body(bytes(DISCARD_BYTES + 1_000_000))
    assert body.post_to(client, "/nothing") == 404
    assert body.tell() == DISCARD_BYTES


def test_client_that_has_gone_breaks_nothing(client: FlaskClient) -> None:
    assert GoneClient(b"{}").post_to(client, "/nothing") == 404
