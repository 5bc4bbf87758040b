"""What an owner looks for in the lists, whatever is typed in."""

import pytest

from tests.accounts.conftest import ADDRESS, Person, app, member, newcomer, stranger  # noqa: F401 - fixtures
from tests.routes.test_owner import OWNER, owner  # noqa: F401 - a fixture

LISTS = (("accounts", "search"), ("log", "account"), ("log", "act"), ("mails", "state"))


@pytest.mark.parametrize(("page", "field"), LISTS)
@pytest.mark.parametrize("text", ["a\0b", "%" * 100_000, "ż" * 30_000])
def test_nothing_that_is_looked_for_is_a_fault_of_the_server(
    owner: Person,  # noqa: F811
    page: str,
    field: str,
    text: str,
) -> None:
    answer = owner.http.get(f"/owner/{page}", query_string={field: text})
    assert answer.status_code == 200 or (answer.status_code == 400 and "\0" in text)
    assert f'words">{OWNER}<' not in answer.text
    assert f">{OWNER}</th>" not in answer.text


def test_what_is_shown_is_what_was_looked_for(owner: Person, member: Person) -> None:  # noqa: F811
    page = owner.http.get("/owner/accounts", query_string={"search": f" {ADDRESS.upper()} "}).text
    assert f'value="{ADDRESS.upper()}"' in page
    assert f">{member.address}<" in page


def test_a_long_search_makes_no_long_way_back(owner: Person, member: Person) -> None:  # noqa: F811
    path = f"/owner/accounts/{member.record().id}/role"
    answer = owner.post(path, role="reviewer", change="give", search="a" * 100_000)
    assert len(answer.headers["Location"]) < 400
