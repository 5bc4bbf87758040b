"""Strokes or pixels → characters. Imports nothing else of ours."""
