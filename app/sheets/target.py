"""Where samples are copied to, and who we are there: the settings for Google Sheets, read when they are needed."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.recognition.alphabets import ALPHABETS
from app.sheets.errors import NotNow, Refused

_ID_IN_URL = re.compile(r"/spreadsheets/d/([\w-]+)")


@dataclass(frozen=True)
class Target:
    """One spreadsheet, found by its id or by its title, and its worksheets."""

    credentials: str = field(repr=False)
    """The path of a service account's key file, or its content."""
    title: str
    id: str
    worksheets: Mapping[str, str]
    """Their titles by alphabet."""

    def chosen_from(self, files: Sequence[Mapping[str, Any]], email: str) -> str:
        """The id of the one that is meant, of what Google Drive shows to `email`. Raises Refused."""
        found = [file for file in files if not file.get("trashed")]
        if not found:
            raise Refused(self.not_seen_by(email))
        if len(found) > 1:
            raise Refused(
                f"{len(found)} spreadsheets are called “{self.title}”. Set SHEETS_ID to the address of the right one."
            )
        if not found[0].get("capabilities", {}).get("canEdit", True):
            raise Refused(
                f"{email} may only read “{found[0]['name']}”. Share it with this address as an editor."
            )
        return str(found[0]["id"])

    def not_seen_by(self, email: str) -> str:
        """What to tell the owner when there is none."""
        named = f"with the id {self.id}" if self.id else f"called “{self.title}”"
        return f"{email} sees no spreadsheet {named}, or it is in the bin. Share it with this address as an editor."


def target_from(settings: Mapping[str, Any]) -> Target:
    """The spreadsheet that the settings name."""
    url = _ID_IN_URL.search(settings["SHEETS_ID"])
    return Target(
        credentials=settings["GOOGLE_CREDENTIALS"].strip(),
        title=settings["SHEETS_TITLE"],
        id=url[1] if url else settings["SHEETS_ID"].strip(),
        worksheets={name: settings[f"SHEETS_{name.upper()}"] for name in ALPHABETS},
    )


def service_account(credentials: str) -> dict[str, str]:
    """Google's key, from the path of its file or from its content. Raises NotNow with what is wrong with it."""
    if not credentials:
        raise NotNow(
            "There are no credentials: set GOOGLE_CREDENTIALS (doc/google-sheets.md says how to get them)."
        )
    try:
        text = credentials if credentials.startswith("{") else Path(credentials).read_text()
        account = json.loads(text)
    except OSError as error:  # the setting itself is not repeated: it may be a key that was pasted in part
        raise NotNow(
            f"GOOGLE_CREDENTIALS is no JSON, and no file that can be read: {error.strerror}."
        ) from error
    except ValueError as error:
        raise NotNow(
            "GOOGLE_CREDENTIALS holds no JSON. It has to be the whole key file as Google made it."
        ) from error
    missing = {"client_email", "private_key", "token_uri"} - (
        account.keys() if isinstance(account, dict) else set()
    )
    if missing or account.get("type") != "service_account":
        raise NotNow(
            "GOOGLE_CREDENTIALS is no key of a service account. Make one as doc/google-sheets.md says."
        )
    return dict(account)
