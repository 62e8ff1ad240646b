"""The cheap checks on a file, before any parser sees it."""

from __future__ import annotations

import re

from .finding import ERROR, Finding, Refusal
from .profile import Limits

_HEADER_WITHIN = 1024  # where Acrobat, and every printer after it, looks for %PDF-
_MAGIC = (
    ("html", re.compile(rb"\s*(?:<!doctype html|<html|<\?xml)", re.I)),
    ("jpeg", re.compile(rb"\xff\xd8\xff")),
    ("png", re.compile(rb"\x89PNG")),
    ("zip", re.compile(rb"PK\x03\x04")),
    ("office", re.compile(rb"\xd0\xcf\x11\xe0")),
    ("postscript", re.compile(rb"%!PS")),
)


def refusal(code: str, name: str, **params) -> Refusal:
    return Refusal([Finding(code, ERROR, {"document": name, **params})])


def check_bytes(name: str, pdf: bytes, limits: Limits) -> None:
    """:raises Refusal: ``pages.empty``, ``too_many_bytes``, ``not_pdf``"""
    if not pdf:
        raise refusal("pages.empty", name)
    check_size(name, pdf, limits)
    if b"%PDF-" not in pdf[:_HEADER_WITHIN]:
        kinds = (kind for kind, start in _MAGIC if start.match(pdf))
        raise refusal("pages.not_pdf", name, looks_like=next(kinds, "unknown"))


def check_size(name: str, pdf: bytes, limits: Limits) -> None:
    if len(pdf) > limits.max_bytes:
        size, most = round(len(pdf) / 1e6, 1), round(limits.max_bytes / 1e6, 1)
        raise refusal("pages.too_many_bytes", name, size_mb=size, max_mb=most)
