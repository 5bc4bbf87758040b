"""Mails to people: queued in the caller's transaction, rendered once, carried out by a relay."""
