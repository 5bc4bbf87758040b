"""A listener that no refused link may reach."""

from collections.abc import Iterator

import pytest

from tests.intake.web import Listener


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()
