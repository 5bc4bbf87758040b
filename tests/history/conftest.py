"""Two members of one site."""

import pytest
from flask import Flask

from tests.accounts.conftest import SETTINGS
from tests.conftest import AppMaker
from tests.members import Member


@pytest.fixture
def app(make_app: AppMaker) -> Flask:
    return make_app(**SETTINGS)


@pytest.fixture
def member(app: Flask) -> Member:
    return Member(app, "ada")


@pytest.fixture
def other(app: Flask) -> Member:
    """Somebody else with an account."""
    return Member(app, "grace")
