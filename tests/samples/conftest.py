"""What tests about samples share."""

from collections.abc import Iterator

import pytest
from flask import Flask


@pytest.fixture
def database(app: Flask) -> Iterator[None]:
    """The app's, for whoever asks it without a request."""
    with app.app_context():
        yield
