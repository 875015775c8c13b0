"""The encoding of a text file, known for certain or refused.

Belongs here: bytes to UTF-8. Does not belong here: what the text means (comma_separated).
"""

from __future__ import annotations

import codecs


def to_utf8(data: bytes) -> tuple[bytes, str] | None:
    """The same text in UTF-8 without mark, and what it was in: utf-8, utf-8-sig or gb18030; None where it is neither.

    The whole file is decoded strictly. Text that is UTF-8 but for a few broken bytes is refused rather than read as
    GB18030: most of it would decode, into other characters, without an error.
    """
    if b"\0" in data:
        return None
    if data.startswith(codecs.BOM_UTF8):
        data, encoding = data[len(codecs.BOM_UTF8) :], "utf-8-sig"
    else:
        encoding = "utf-8"
    try:
        data.decode("utf-8")
        return data, encoding
    except UnicodeDecodeError:
        if encoding == "utf-8-sig" or _is_damaged_utf8(data):
            return None
    try:
        return data.decode("gb18030").encode("utf-8"), "gb18030"
    except UnicodeDecodeError:
        return None


def _is_damaged_utf8(data: bytes) -> bool:
    """True where most bytes beyond ASCII stand in proper UTF-8 sequences; in GB18030 text few do, by chance."""
    beyond_ascii = _count_beyond_ascii(data)
    proper = _count_beyond_ascii(data.decode("utf-8", errors="ignore").encode("utf-8"))
    return proper * 2 > beyond_ascii


def _count_beyond_ascii(data: bytes) -> int:
    import numpy

    return int(numpy.count_nonzero(numpy.frombuffer(data, numpy.uint8) & 0x80))
