"""What can be wrong with a link or a document. Each message tells the person what to do about it."""

from app.errors import AppError


class LinksOff(AppError):
    code, status = "links_off", 403


class BadLink(AppError):
    """Text that is no web address, or one with parts that we never follow."""

    code, status = "bad_link", 422


class NoPublicServer(AppError):
    """No such name, or one that leads into a private network: whoever asks does not learn which."""

    code, status = "no_public_server", 422


class LinkFailed(AppError):
    """The server could not be reached, or did not answer as a web server should."""

    code, status = "link_failed", 422


class LinkTooSlow(AppError):
    code, status = "link_too_slow", 422


class LinkTooLarge(AppError):
    code, status = "link_too_large", 413


class NotADocument(AppError):
    """What lies behind a link is neither an image nor a PDF."""

    code, status = "not_a_document", 415


class DocumentTooLarge(AppError):
    code, status = "document_too_large", 413


class TooManyPages(AppError):
    code, status = "too_many_pages", 413


class EncryptedDocument(AppError):
    code, status = "encrypted_document", 422


class UnreadableDocument(AppError):
    code, status = "unreadable_document", 422


class TooBusy(AppError):
    code, status = "too_busy", 503
