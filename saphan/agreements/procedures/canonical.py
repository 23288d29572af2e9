"""The one form of a procedure that is hashed and signed: RFC 8785 (JSON Canonicalization Scheme) over its plain values, then SHA-256."""

import hashlib

import rfc8785

from saphan.agreements.procedures.articles import Procedure


def canonical(procedure: Procedure) -> bytes:
    """The bytes two parties sign. They do not depend on the layout of a file, on the order of its keys, or on what was left to its default."""
    return rfc8785.dumps(procedure.plain())


def digest_of(procedure: Procedure) -> str:
    """`sha256:` and 64 hexadecimal digits over the canonical bytes."""
    return "sha256:" + hashlib.sha256(canonical(procedure)).hexdigest()
