import pytest
from dragoman.io.http import Origin


@pytest.mark.parametrize(
    ("url", "origin", "target", "authority"),
    [
        ("https://api.openai.com/v1/x?y=z", ("https", "api.openai.com", 443), "/v1/x?y=z", b"api.openai.com"),
        ("http://LocalHost:8080", ("http", "localhost", 8080), "/", b"localhost:8080"),
        ("HTTP://h?q=/a", ("http", "h", 80), "/?q=/a", b"h"),
        ("https://h:443/a#frag", ("https", "h", 443), "/a", b"h"),
        ("http://[::1]:81/m:generate", ("http", "::1", 81), "/m:generate", b"[::1]:81"),
        ("https://h/models/a%3Ab/invoke", ("https", "h", 443), "/models/a%3Ab/invoke", b"h"),
        ("https://b\u00fccher.example/", ("https", "b\u00fccher.example", 443), "/", b"xn--bcher-kva.example"),
    ],
)
def test_a_url_is_an_origin_and_a_target(url, origin, target, authority):
    assert Origin.parse(url) == (Origin(*origin), target)
    assert Origin.parse(url)[0].authority == authority
    assert hash(Origin.parse(url)[0]) == hash(Origin(*origin))


@pytest.mark.parametrize(
    "url", ["", "/path", "ftp://h/", "https://", "http:///x", "http://u:p@h/", "http://h:0/", "http://h:99999/", "h:80"]
)
def test_what_is_no_upstream_url_is_refused(url):
    with pytest.raises(ValueError):
        Origin.parse(url)
