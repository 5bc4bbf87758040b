"""Strokes or pixels → one character. Imports nothing else of ours."""
