"""A tour of every page there is, each in a state worth seeing. Nothing on the way depends on a language."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import FilePayload, Page, expect

from app.accounts.people import give_role
from app.accounts.tables import OWNER, User
from app.accounts.tokens import create
from app.database import now
from app.extensions import db
from app.mail.queue import queue_mail
from app.recognition.recognizer import Recognizer
from app.recognition.releases import BUNDLED, Release, ReleaseStore
from tests.accounts.conftest import PASSWORD
from tests.browser.desk import Desk
from tests.browser.drawings import SEVEN
from tests.browser.site import Site
from tests.browser.test_accounts import SETTINGS, last_link
from tests.browser.test_upload import PICTURE
from tests.members import Member
from tests.photos import photo
from tests.routes.cards import release_in
from tests.samples.answers import LIKELY, UNLIKELY, answer
from tests.samples.readers import StubbornRoom, reads_as

LIST: FilePayload = {"name": "list.jpg", "mimeType": "image/jpeg", "buffer": photo(["7171", "711"])}
BROKEN: FilePayload = {"name": "x.png", "mimeType": "image/png", "buffer": b"no picture"}
OTHERS_ADDRESS = "grace.brewster.murray.hopper@navy.example.org"
RELEASE = ReleaseStore(BUNDLED).current_version("digit")
REFUSAL = "550 5.1.1 <person2@example.org>: Recipient address rejected: User unknown in local recipient table"


class Room(StubbornRoom):
    """Is never sure that a digit is a 7, and has releases whose cards say all that a card can say."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._releases = {name: release_in(folder / name, name) for name in ("digit", "character")}

    def recognizer(self, alphabet: str) -> Recognizer:  # type: ignore[override]  # has what the web needs
        return reads_as("A" if alphabet == "character" else "7", 0.6)(alphabet)

    def release(self, alphabet: str) -> Release | None:
        return self._releases.get(alphabet)


class Town:
    """A site with everything on it: an owner who draws and is mailed to, answers that wait, releases."""

    def __init__(self, folder: Path) -> None:
        self.site = Site(folder / "instance", RECOGNITION=Room(folder), **SETTINGS)
        self.url = self.site.url
        self.owner = Member(self.site.app, "ada")
        self._settle()

    def _settle(self) -> None:
        for said in ({"correct": "yes"}, {"correct": "no", "label": "1"}):
            self.owner.say(receipt=self.owner.draw()["receipt"], **said)
        self.owner.keep()
        with self.site.app.app_context():
            user = self.owner.user()
            give_role(user, OWNER)
            db.session.commit()
            create(user, "scanner in the mail room", ("recognize", "feedback"))
            db.session.add(User(email=OTHERS_ADDRESS, password="-", fs_uniquifier="-", active=False))
            db.session.commit()
            for label in (LIKELY, UNLIKELY, "7"):
                answer(label)
            for n, state in enumerate(("sent", "waiting", "failed")):
                mail = queue_mail(db.session(), f"person{n}@example.org", "№ 7", "text", "html")
                mail.state, mail.sent_at = state, now() if state == "sent" else None
            mail.last_error = REFUSAL
            db.session.commit()


Way = Callable[[Page, Town], object]
"""Leads a browser to a page."""


def at(path: str) -> Way:
    return lambda page, town: page.goto(town.url + path)


def sent(path: str, kind: str = "primary", **fields: str) -> Way:
    """To what a form that is filled in leads to."""

    def way(page: Page, town: Town) -> None:
        page.goto(town.url + path)
        for name, text in fields.items():
            page.fill(f"#{name}", text)
        with page.expect_navigation():
            page.locator(f"main .button.{kind}").click()

    return way


def drawn(page: Page, town: Town) -> None:
    """The drawing page with everything on it open."""
    desk = Desk(page, town.url)
    page.keyboard.press("Alt+d")
    desk.read(SEVEN)
    page.locator("#say-no").click()
    page.locator("#all summary").click()
    expect(page.locator("#debug-glyph")).to_be_visible()


def judged(page: Page, town: Town) -> None:
    Desk(page, town.url).read(SEVEN)
    page.locator("#say-yes").click()
    expect(page.locator("#draw-another")).to_be_visible()


def uploaded(*files: FilePayload, until: str) -> Way:
    """To what is made of pictures, once there is an element."""

    def way(page: Page, town: Town) -> None:
        page.goto(f"{town.url}/upload")
        page.set_input_files("#file", list(files))
        page.locator("#send").click()
        expect(page.locator(until).first).to_be_visible()

    return way


def kept(page: Page, town: Town) -> None:
    uploaded(PICTURE, until=".bars li")(page, town)
    with page.expect_navigation():
        page.locator(".feedback .button.good").click()


def read(page: Page, town: Town) -> None:
    """Pages that were read, with a doubt open and the lines as text."""
    uploaded(LIST, PICTURE, until=".page + .page")(page, town)
    page.locator(".page summary").first.click()
    page.locator("a.doubtful").nth(1).focus()


def choosing(page: Page, town: Town) -> None:
    sent("/account/reset", email=town.owner.address)(page, town)
    page.goto(last_link(town.site))


def moving(page: Page, town: Town) -> None:
    sent("/account/email", email="ada@example.com", password=PASSWORD)(page, town)
    page.goto(last_link(town.site))


def menu(page: Page, town: Town) -> None:
    page.goto(f"{town.url}/owner/")
    page.locator(".account-menu summary").click()


VISITORS: dict[str, Way] = {
    "index.show": at("/"),
    "canvas.show with all open": drawn,
    "canvas.show letters": at("/canvas/character"),
    "canvas.show judged": judged,
    "upload.show": at("/upload"),
    "upload.recognize refused": uploaded(BROKEN, until="#upload-error"),
    "upload.recognize": uploaded(PICTURE, until=".bars li"),
    "upload.stream": read,
    "feedback.keep": kept,
    "networks.show": at("/networks"),
    "guide.show": at("/guide"),
    "privacy.show": at("/privacy"),
    "error": at("/nowhere"),
    "security.login": at("/account/login"),
    "security.login refused": sent("/account/login", email="nobody@example.org", password="a wrong password"),
    "security.register": at("/account/register"),
    "security.register refused": sent(
        "/account/register", email="new@example.org", password="password", password_confirm="p"
    ),
    "security.forgot_password": at("/account/reset"),
    "security.forgot_password sent": sent("/account/reset", email="nobody@example.org"),
    "security.reset_password": choosing,
    "security.send_confirmation": at("/account/confirm"),
    "security.confirm_email": at("/account/confirm/x"),
    "account.gone": at("/account/deleted"),
}
OWNERS: dict[str, Way] = {
    "account.show": at("/account/"),
    "security.change_password": at("/account/password"),
    "security.change_password refused": sent(
        "/account/password", password="wrong", new_password="password", new_password_confirm="p"
    ),
    "security.change_email": at("/account/email"),
    "security.change_email_confirm": moving,
    "history.show": at("/account/drawings"),
    "history.show nothing": at("/account/drawings?character=4"),
    "history.ask_to_forget_all": at("/account/drawings/delete-all"),
    "account.ask_to_leave": at("/account/delete"),
    "account.leave refused": sent("/account/delete", "danger", password="a wrong password"),
    "tokens.show": at("/account/tokens"),
    "owner.show with the menu": menu,
    "owner.accounts": at("/owner/accounts"),
    "owner.mails": at("/owner/mails"),
    "owner.log": at("/owner/log"),
    "owner.settings": at("/owner/settings"),
    "releases.show": at("/owner/releases/"),
    "releases.compare": at(f"/owner/releases/digit/compare?before={RELEASE}&after={RELEASE}"),
    "releases.compare refused": at(f"/owner/releases/digit/compare?before={RELEASE}&after=none"),
    "review.show": at("/review/"),
    "review.show all": at("/review/?state=any&all=1"),
}
"""The first word of each is the endpoint that answers."""
