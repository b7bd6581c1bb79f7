"""Messages of every quality: built from good and odd parts, then damaged. Everything comes from one `random.Random`."""

_EOL = [b"\r\n"] * 400 + [b"\n", b"\r", b"\r\r\n", b"\n\r", b""]
_SPACE = [b" "] * 120 + [b"  ", b"\t", b"", b"\x0b", b"\xa0", b" \t"]
_METHODS = [b"GET"] * 8 + [b"POST"] * 12 + [b"HEAD", b"PUT", b"DELETE", b"OPTIONS", b"PATCH", b"TRACE"]
_ODD_METHODS = [b"get", b"Post", b"BREW", b"CONNECT", b"PRI", b"QUERY", b"M-SEARCH", b"SOURCE", b"DESCRIBE"]
_ODD_METHODS += [b"", b"G T", b"G\xe9T", b"GET/", b"(", b"X-" + b"Y" * 40, b"GE\x00T", b'"GET"', b"get_it!"]
_TARGETS = [b"/", b"/v1/chat/completions", b"/a?b=c&d", b"/%7e/x%2Fy", b"//x", b"/a;b/..;/c", b"/?", b"/'()*"]
_ODD_TARGETS = [
    b"*",
    b"http://a/x",
    b"http://a",
    b"https://a:1/x?y",
    b"http://b/x",
    b"HTTP://A/x",
    b"ftp://a/",
    b"a:443",
]
_ODD_TARGETS += [
    b"http://u:p@a/",
    b"http:///x",
    b"http://[::1]/",
    b"http://[/",
    b"x",
    b"?q",
    b"/#f",
    b"/a#b?c",
    b"/\xe9",
]
_ODD_TARGETS += [
    b"/\x7f",
    b"/\x01",
    b'/"<>|{}\\^`',
    b"",
    b"/a\x00b",
    b"/" + b"z" * 300,
    b"/a b",
    b"/%",
    b"/%zz",
    b"/\x80",
]
_VERSIONS = [b"HTTP/1.1"] * 30 + [b"HTTP/1.0"] * 5
_ODD_VERSIONS = [b"HTTP/1.2", b"HTTP/0.9", b"HTTP/2.0", b"HTTP/2", b"HTTP/1.10", b"HTTP/01.1", b"http/1.1", b"HTTP/1,1"]
_ODD_VERSIONS += [
    b"RTSP/1.0",
    b"ICE/1.0",
    b"HTTP/11",
    b"HTTP",
    b"",
    b"HTTP/1.1x",
    b"HTTP/-1.1",
    b"HTTPS/1.1",
    b"HTP/1.1",
]
_STATUSES = [b"200"] * 20 + [b"201", b"204", b"205", b"304", b"404", b"500", b"503", b"529", b"600", b"999"]
_ODD_STATUSES = [
    b"20",
    b"2000",
    b"099",
    b"000",
    b"+20",
    b"-20",
    b"2x0",
    b"",
    b"\xb2\xb2\xb2",
    b"101",
    b"100",
    b"102",
    b"199",
]
_REASONS = [b" OK"] * 10 + [b"", b" ", b" Not \t Found", b" caf\xe9"]
_ODD_REASONS = [b"\tOK", b"OK", b" \x00", b" a\x01", b" a\x7f", b" a\rb", b"  OK "]

_NAMES = [b"X-A", b"Accept", b"authorization", b"x_y", b"X.1", b"!#$%&'*+-.^_`|~0"]
_ODD_NAMES = [
    b"",
    b"X ",
    b"X\t",
    b" X",
    b"\tX",
    b"X(",
    b"X\xe9",
    b"X\x00",
    b"X/Y",
    b'"X"',
    b"X Y",
    b"X\x7f",
    b"X\x0b",
    b"X@",
]
_VALUES = [b"", b"v", b"a b", b"a\tb", b"a, b", b'"q;\\"r"', b"\xe9\xff\x80", b"x" * 200, b"a:b", b"=?;,"]
_ODD_VALUES = [
    b"\x00",
    b"a\x01b",
    b"\x7f",
    b"a\rb",
    b"a\nb",
    b"a\r\n b",
    b"a\r\n\tb",
    b"\x0b",
    b"a\x0c",
    b"\x1b[m",
    b"\r",
    b"a\r\n",
]
_LENGTHS = [
    b"05",
    b"+5",
    b"-5",
    b"5, 5",
    b"5,5",
    b"5,6",
    b"5;",
    b"0x5",
    b"5 5",
    b"5.0",
    b"",
    b"five",
    b"5_0",
    b"\xb2",
    b"5\x0b",
]
_LENGTHS += [
    b"18446744073709551616",
    b"99999999999999999999999",
    b"000000000000000000000000005",
    b"1" * 30,
    b" 5\t",
    b"0",
    b"4",
    b"6",
]
_CODINGS = [b"Chunked", b"CHUNKED", b"chunked, chunked", b"xchunked", b"identity", b"chunked;q=1", b"gzip", b"chunked,"]
_CODINGS += [
    b",chunked",
    b"identity, chunked",
    b"gzip, chunked",
    b"chunked, identity",
    b"",
    b"chunked\x0b",
    b'"chunked"',
    b"chun ked",
]
_CONNECTIONS = [
    b"close",
    b"keep-alive",
    b"Close",
    b"x, close",
    b"close, keep-alive",
    b"Upgrade",
    b"upgrade, close",
    b"",
    b"clos",
]
_EXPECTATIONS = [b"100-continue"] * 8 + [b"100-Continue", b"tea", b"", b"100-continue, 100-continue"]
_HOSTS = [b"a"] * 30 + [b"a.example:8080", b"[::1]:80", b"", b"A", b"a:"]
_ODD_HOSTS = [
    b"a b",
    b"a,b",
    b"a@b",
    b"a/b",
    b"a:x",
    b"[",
    b"\xe9",
    b"http://a",
    b"a#",
    b"a?",
    b"::1",
    b"a\tb",
    b"a%20",
    b"a%2",
]
_EXTENSIONS = [
    b";x",
    b";x=y",
    b';x="y z"',
    b";",
    b"; x",
    b" ;x",
    b" ",
    b"\t",
    b";x=\x00",
    b";x=\xe9",
    b";;",
    b";x=\ry",
    b';x="\n"',
    b";=y",
]
_SIZES = [
    b"+5",
    b"-5",
    b"0x5",
    b"5_",
    b"",
    b"g",
    b"00000000000000000005",
    b"000000000000000000000000000005",
    b"F" * 17,
    b" 5",
    b"5,",
]
_CHUNK_ENDS = [b"\r\n"] * 30 + [b"\n", b"", b"\r", b"x\r\n", b"\r\n\r\n", b"\n\r\n"]
_TRAILERS = [
    b"X-T: 1\r\n",
    b"Content-Length: 5\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Host: b\r\n",
    b"bad\r\n",
    b" x: y\r\n",
    b"X: a\r\n b\r\n",
    b": x\r\n",
]
_DAMAGE = [
    b"\r",
    b"\n",
    b"\r\n",
    b"\0",
    b" ",
    b"\t",
    b":",
    b"\x0b",
    b"\x0c",
    b"\x7f",
    b"\x80",
    b"\xff",
    b",",
    b";",
    b"0",
    b"HTTP/1.1",
    b"\r\n\r\n",
    b"chunked",
]


def _mostly(rng, good, odd, chance=0.02):
    return rng.choice(odd if rng.random() < chance else good)


def _body(rng):
    """Framing headers and the bytes after the head, mostly in agreement."""
    data = bytes(rng.choice(b"ab\r\n0;: ") for _ in range(rng.choice((0, 1, 5, 5, 5, 30))))
    kind = rng.random()
    if kind < 0.3:
        return [], b"" if rng.random() < 0.9 else data
    if kind < 0.6:
        values = [b"%d" % len(data)]
        if rng.random() < 0.15:
            values = [rng.choice(_LENGTHS)]
            data = b"hello"
        if rng.random() < 0.05:
            values *= 2
        if rng.random() < 0.05:
            values.append(b"7")
        return [(b"Content-Length", value) for value in values], data
    values = [b"chunked"] if rng.random() < 0.85 else [rng.choice(_CODINGS)]
    if rng.random() < 0.04:
        values.append(rng.choice((b"chunked", b"identity")))
    headers = [(b"Transfer-Encoding", value) for value in values]
    if rng.random() < 0.06:
        headers.insert(rng.randrange(2), (b"Content-Length", b"5"))
    return headers, _chunks(rng, data)


def _chunks(rng, data):
    out = b""
    while data:
        size = rng.randint(1, len(data))
        piece, data = data[:size], data[size:]
        digits = _mostly(rng, [b"%x" % size, b"%X" % size, b"0%x" % size], _SIZES, 0.03)
        extension = rng.choice(_EXTENSIONS) if rng.random() < 0.15 else b""
        out += digits + extension + rng.choice(_EOL) + piece + rng.choice(_CHUNK_ENDS)
    trailers = rng.choice(_TRAILERS) if rng.random() < 0.15 else b""
    last = _mostly(rng, [b"0", b"0", b"00"], [b"0;x", b"-0", b"0 ", b"0" * 30])
    return out + last + rng.choice(_EOL) + trailers + rng.choice(_EOL)


def _header(rng):
    which = rng.random()
    if which < 0.12:
        return b"Connection", rng.choice(_CONNECTIONS)
    if which < 0.17:
        return b"Expect", rng.choice(_EXPECTATIONS)
    if which < 0.22:
        return b"Upgrade", b"h2c"
    return _mostly(rng, _NAMES, _ODD_NAMES), _mostly(rng, _VALUES, _ODD_VALUES)


def _head(rng, first, headers):
    rng.shuffle(headers)
    lines = [first + rng.choice(_EOL)]
    for name, value in headers:
        colon = rng.choice([b": "] * 250 + [b":", b":\t", b":  ", b" : ", b"\t:", b" "])
        ows = rng.choice([b""] * 10 + [b" ", b"\t", b" \t "])
        lines.append(name + colon + value + ows + rng.choice(_EOL))
    return b"".join(lines) + rng.choice(_EOL)


def _damaged(rng, message):
    for _ in range(rng.choice((0, 0, 0, 0, 0, 0, 0, 0, 1, 2))):
        at = rng.randrange(len(message) + 1)
        what = rng.random()
        piece = rng.choice(_DAMAGE) if rng.random() < 0.8 else bytes((rng.randrange(256),))
        message = message[:at] + (piece if what < 0.7 else b"") + message[at + (what > 0.4) :]
    return message


def _prefix(rng):
    return rng.choice([b""] * 60 + [b"\r\n", b"\r\n\r\n", b"\n", b"\r", b" "])


def a_request(rng):
    """A request that a client might send, or an attacker."""
    method, target = _mostly(rng, _METHODS, _ODD_METHODS), _mostly(rng, _TARGETS, _ODD_TARGETS, 0.08)
    first = method + rng.choice(_SPACE) + target + rng.choice(_SPACE) + _mostly(rng, _VERSIONS, _ODD_VERSIONS)
    framing, body = _body(rng)
    hosts = [(b"Host", _mostly(rng, _HOSTS, _ODD_HOSTS)) for _ in range(rng.choice([1] * 40 + [0, 2]))]
    headers = hosts + framing + [_header(rng) for _ in range(rng.choice((0, 1, 2, 3)))]
    return _damaged(rng, _prefix(rng) + _head(rng, first, headers) + body)


def requests(rng):
    """What comes on one connection."""
    return b"".join(a_request(rng) for _ in range(rng.choice((1, 1, 1, 2, 3))))


def response(rng):
    """What an upstream might answer to one request."""
    early = b""
    while rng.random() < 0.1:
        headers = [_header(rng) for _ in range(rng.choice((0, 1)))]
        early += _head(rng, b"HTTP/1.1 " + rng.choice((b"100", b"102", b"103")) + b" Early", headers)
    first = _mostly(rng, _VERSIONS, _ODD_VERSIONS) + rng.choice(_SPACE)
    first += _mostly(rng, _STATUSES, _ODD_STATUSES) + _mostly(rng, _REASONS, _ODD_REASONS)
    framing, body = _body(rng)
    headers = framing + [_header(rng) for _ in range(rng.choice((0, 1, 2, 3)))]
    extra = rng.choice([b""] * 20 + [b"\r\n", b"x", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"])
    return _damaged(rng, _prefix(rng) + early + _head(rng, first, headers) + body + extra)
