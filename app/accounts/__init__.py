"""People who want more than to draw: who they are, how they prove it, and what they may do."""

import sys

# Flask-Security imports passlib's one-time passwords, which we never use, and these import `cryptography` where it is
# installed (gspread brings it): 6 MB a worker. Told that it is not, they only forgo encrypting keys that nobody has.
if "cryptography" not in sys.modules:
    sys.modules["cryptography"] = None  # type: ignore[assignment]  # how Python notes what cannot be imported
    import passlib.totp  # type: ignore[import-untyped]  # noqa: F401

    del sys.modules["cryptography"]
