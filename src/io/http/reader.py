"""What reading requests and reading responses have in common: where a message's parts end.

llhttp does the grammar, but it does not say where in its input a message ended, it skips line ends before a message,
and it is generous with first lines (`GET  /  RTSP/1.0`). So it is fed in pieces that never reach beyond a message: one
can only end behind an empty line or behind the last byte of a body whose length is known. With that the first line is
checked here before llhttp sees it, heads are counted to the byte, and what comes after a message is known to.
"""

from typing import Literal, NoReturn

import httptools

Stage = Literal["line", "head", "length", "chunked", "rest"]

_EMPTY_LINE = b"\r\n\r\n"
_LINE_ENDS = b"\r\n"


class MessageReader:
    """Cuts the bytes of one connection. What the cuts are for is the subclass's.

    A subclass is the protocol that httptools calls. Its `on_headers_complete` says by `_stage` (and `_left`) how the
    body is delimited; when a message is over it sets the stage to `line`.
    """

    __slots__ = ("_framing", "_head_left", "_left", "_line", "_max_head_bytes", "_parser", "_stage", "_tail")

    _parser: "httptools.HttpRequestParser | httptools.HttpResponseParser"
    # How a first line begins, if that is known, and the bytes that it can have at all.
    _LINE_START = b""
    _LINE_BYTES = bytes((*range(0x20, 0x7F), 0x0D, 0x0A))

    def __init__(self, max_head_bytes: int) -> None:
        self._max_head_bytes = max_head_bytes
        self._expect_message()

    def _expect_message(self) -> None:
        self._stage: Stage = "line"
        self._line = bytearray()
        self._head_left = self._max_head_bytes
        self._tail = b""
        self._left = 0
        self._framing = 0

    def _advance(self, data: bytes, at: int) -> int:
        """Read on from an index, at most to the next place where a message can end; returns where it stopped.

        Raises:
            httptools.HttpParserError: As llhttp found it, or as a callback refused it.
            ValueError: As `_check_line` or `_refuse_head` refused it.
        """
        stage = self._stage
        if stage == "line":
            return self._advance_line(data, at)
        if stage == "length" or stage == "rest":  # noqa: PLR1714 - a set costs more, and this runs for each piece
            end = len(data) if stage == "rest" else min(len(data), at + self._left)
            self._left -= end - at
            self._parser.feed_data(data[at:end])
            return end
        end = data.find(_EMPTY_LINE, at) + len(_EMPTY_LINE)
        if end < len(_EMPTY_LINE):
            end = len(data)
        if data[at] in _LINE_ENDS:
            end = min(end, self._seam(data, at))
        if stage == "head":
            end = min(end, at + self._head_left)
            self._head_left -= end - at
        else:  # so that what is over the limit does not end within the piece
            end = min(end, at + self._max_head_bytes)
        self._feed(data[at:end])
        if self._head_left <= 0 and self._stage == "head":
            self._refuse_head()
        return end

    def _feed(self, piece: bytes) -> None:
        """Give the parser a piece of a head or of chunks that no message ends inside of."""
        size = len(piece)
        self._tail = piece[-3:] if size > 2 else (self._tail + piece)[-3:]
        # Chunk extensions and trailers can be endless. `on_body` sets the count back.
        self._framing += size
        self._parser.feed_data(piece)
        if self._framing > self._max_head_bytes and self._stage == "chunked":
            self._refuse_head()

    def _seam(self, data: bytes, at: int) -> int:
        """Where an empty line ends that began in an earlier piece; the end of the data if there is none."""
        seam = (self._tail + data[at : at + 3]).find(_EMPTY_LINE)
        return len(data) if seam < 0 else at + seam + len(_EMPTY_LINE) - len(self._tail)

    def _advance_line(self, data: bytes, at: int) -> int:
        """Check the first line once it is whole. What is all there is left to be read as a part of the head."""
        end = data.find(b"\n", at) + 1
        if self._line or not 0 < end - at < self._head_left:
            return self._collect_line(data, at, end)
        if not self._check_line(data[at:end]):
            return end
        self._stage = "head"
        self._tail = b""
        self._framing = 0
        return at

    def _collect_line(self, data: bytes, at: int, end: int) -> int:
        """The same for a line that comes in pieces, or is too long; `end` is 0 while its end has not come."""
        piece = data[at : end or len(data)]
        room = self._head_left - len(self._line)
        start = bytes(self._line[: len(self._LINE_START)] + piece)[: len(self._LINE_START)]
        # Only its end tells what a line is, but garbage should not be waited for.
        if piece[:room].translate(None, self._LINE_BYTES) or not self._LINE_START.startswith(start):
            self._check_line(bytes(self._line + piece))
        if len(piece) >= room:
            self._refuse_head()
        self._line += piece
        if not end:
            return len(data)
        line = bytes(self._line)
        self._line.clear()
        if self._check_line(line):
            self._head_left -= len(line)
            self._stage = "head"
            self._tail = b""
            self._framing = 0
            self._feed(line)
        return end

    def _check_line(self, line: bytes) -> bool:
        """Check a first line, or the beginning of one that is wrong already; whether a message begins with it."""
        raise NotImplementedError

    def _refuse_head(self) -> NoReturn:
        """A head, or a chunked body's framing, is larger than `max_head_bytes`."""
        raise NotImplementedError
