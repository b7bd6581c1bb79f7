"""Fuzzes both readers: `make fuzz-edge ARGS='--seconds 60'`. Every failure prints the seed that repeats it.

Messages of every quality are cut at random places and must be read alike however they are cut: the same messages, the
same error. Nothing may come out of the readers but that, what they hold must be bounded, and reading must take time in
proportion to the bytes.
"""

import argparse
import random
import sys
import time
import tracemalloc

from dragoman.io.http import Limits, UpstreamLimits
from dragoman.io.http.client_protocol import ClientProtocol
from dragoman.io.http.server_protocol import ServerProtocol

from .messages import requests, response

LIMITS = Limits(max_head_bytes=2_000, max_headers=20, max_body_bytes=400, max_pipelined=2)
UPSTREAM = UpstreamLimits(max_head_bytes=2_000, max_headers=20)


def pieces_of(rng, data):
    """The data cut at random places, or into single bytes."""
    if rng.random() < 0.2:
        return [data[at : at + 1] for at in range(len(data))]
    cuts = sorted(rng.randrange(len(data) + 1) for _ in range(rng.randint(1, 6)))
    return [data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)], strict=True)]


def read_requests(pieces, limits=LIMITS):
    """What comes out of the server's reader: the requests, and status and code of its error."""
    protocol, seen = ServerProtocol(limits), []
    for piece in pieces:
        seen += protocol.receive(piece)
        while protocol.unread:
            seen += protocol.receive(b"")
    error = protocol.error
    return seen, (error.status, error.code) if error else protocol.phase, protocol.closed


def read_response(pieces, method):
    """What comes out of the client's reader."""
    protocol, body = ClientProtocol(UPSTREAM), b""
    protocol.begin(method)
    for piece in pieces:
        protocol.receive(piece)
        body += protocol.take()
    complete = protocol.complete
    reusable = complete and protocol.reusable
    protocol.receive_end()
    return protocol.status, protocol.headers, body, complete, reusable, protocol.error and protocol.error.kind


def one(seed):
    """Try one seed, in both directions.

    Raises:
        AssertionError: The cuts made a difference.
        Exception: Whatever came out of a reader.
    """
    rng = random.Random(seed)
    data = requests(rng)
    whole, cut = read_requests([data]), read_requests(pieces_of(rng, data))
    assert whole == cut, (data, whole, cut)
    data, method = response(rng), rng.choice(("POST", "HEAD"))
    whole, cut = read_response([data], method), read_response(pieces_of(rng, data), method)
    assert whole == cut, (data, whole, cut)


# Beginnings and what is then repeated without end.
ENDLESS = {
    "empty lines": (b"", b"\r\n"),
    "a method": (b"", b"A"),
    "a target": (b"GET /", b"a"),
    "spaces": (b"GET ", b" "),
    "a header name": (b"GET / HTTP/1.1\r\n", b"x"),
    "white space before a value": (b"GET / HTTP/1.1\r\nHost:", b" "),
    "a value": (b"GET / HTTP/1.1\r\nHost: ", b"a"),
    "headers": (b"GET / HTTP/1.1\r\nHost: a\r\n", b"x: y\r\n"),
    "a body": (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 60000000\r\n\r\n", b"x"),
    "chunks of one byte": (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    "chunks of line ends": (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", b"4\r\n\r\n\r\n\r\n"),
    "zeros of a chunk size": (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", b"0"),
    "a chunk extension": (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;", b"x"),
    "trailers": (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"x: y\r\n"),
    "a trailer": (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nx: ", b"y"),
    "requests": (b"", b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
    "reason": (b"HTTP/1.1 200 ", b"x"),
    "informational responses": (b"", b"HTTP/1.1 100 C\r\n\r\n"),
    "response headers": (b"HTTP/1.1 200 OK\r\n", b"x: y\r\n"),
    "response white space": (b"HTTP/1.1 200 OK\r\nx:", b" "),
    "response chunks": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    "a response's chunk extension": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", b"x"),
    "response trailers": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"x: y\r\n"),
}
# Beside the bodies, which have limits of their own: what a reader may hold, whatever comes. Of 64 KiB that come at once
# every sixth byte can be a piece of a body.
MOST_HELD = 1_200_000


def endless(start, again, total, size, limits, *, trace=False):
    """Feed something endless in pieces of a size; returns seconds, and the most bytes held at once if traced."""
    block = (again * (size // len(again) + 1))[: size // len(again) * len(again) or len(again)]
    protocol = ClientProtocol(UpstreamLimits()) if b"HTTP/1.1 " in (start + again)[:9] else ServerProtocol(limits)
    protocol.receive(start)
    if trace:
        tracemalloc.start()
    began = time.process_time()
    for _ in range(total // len(block)):
        seen = protocol.receive(block)
        while seen and protocol.unread:
            seen = protocol.receive(b"")
        if isinstance(protocol, ClientProtocol):
            protocol.take()
    taken = time.process_time() - began
    _, most = tracemalloc.get_traced_memory()
    if trace:
        tracemalloc.stop()
    return taken, most


def main():
    """Fuzz for a time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=None, help="where to begin; by default somewhere")
    args = parser.parse_args()
    seed = first = random.SystemRandom().randrange(1 << 40) if args.seed is None else args.seed
    end = time.monotonic() + args.seconds
    while time.monotonic() < end:
        try:
            one(seed)
        except Exception as error:  # noqa: BLE001 - whatever it is, its seed must be known
            sys.stderr.write(f"seed {seed}: {type(error).__name__}: {error}\n")
            return 1
        seed += 1
    sys.stdout.write(f"{seed - first} connections in both directions, seeds {first} to {seed - 1}: nothing found\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
