"""What can go wrong with a history."""

from app.errors import AppError


class HistoryIsOff(AppError):
    code, status = "history_off", 409
