"""What the tests of pages share."""

import pytest

from app.pages.reader import PageReader
from tests.pages.drawn import loaded_room


@pytest.fixture(scope="package")
def reader(tmp_path_factory: pytest.TempPathFactory) -> PageReader:
    """Reads with the bundled networks; it keeps nothing from page to page."""
    return PageReader(loaded_room(str(tmp_path_factory.mktemp("releases"))))
