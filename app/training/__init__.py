"""Offline: datasets → network → evaluation → release. Never imported by anything that serves a request."""
