"""Envoy's side of external processing: the messages that its filter sends, and what comes of the answers."""

import queue
import sys
from collections.abc import Iterable

import attrs
import grpc
from environments import ROOT

sys.path.insert(0, str(ROOT / "examples" / "envoy_ext_proc"))
import envoy_messages as messages
from envoy_messages import BUFFERED, FULL_DUPLEX_STREAMED, STREAMED

ASKED = {
    ":method": "POST",
    ":scheme": "http",
    ":authority": "gateway",
    "authorization": "Bearer client",
    "cookie": "a=b",
}


@attrs.define
class Sent:
    """What Envoy would send on: to a provider, or to the client."""

    headers: dict = attrs.field(factory=dict)
    body: bytes = b""
    pieces: list = attrs.field(factory=list)
    immediate: bool = False
    over: bool = False

    def change(self, mutation):
        for name in mutation.remove_headers:
            self.headers.pop(name, None)
        for option in mutation.set_headers:
            assert option.append_action == messages.OVERWRITE_IF_EXISTS_OR_ADD
            self.headers[option.header.key] = option.header.raw_value.decode()

    def add(self, piece):
        self.body += piece
        self.pieces.append(piece)

    @property
    def status(self):
        return int(self.headers[":status"])


class Filter:
    """One request through the filter, over one gRPC stream."""

    def __init__(self, channel, request_mode=BUFFERED, response_mode=FULL_DUPLEX_STREAMED):
        self._modes = {"request_body_mode": request_mode, "response_body_mode": response_mode}
        self._request_mode, self._response_mode = request_mode, response_mode
        self._queue = queue.SimpleQueue()
        call = channel.stream_stream(
            f"/{messages.SERVICE}/{messages.METHOD}",
            request_serializer=messages.ProcessingRequest.SerializeToString,
            response_deserializer=messages.ProcessingResponse.FromString,
        )
        self._answers = call(iter(self._queue.get, None), timeout=20)
        self._first = True

    def close(self):
        self._queue.put(None)
        self._answers.cancel()

    def _send(self, **fields):
        if self._first:  # Envoy tells its modes once
            fields["protocol_config"] = self._modes
            self._first = False
        self._queue.put(messages.ProcessingRequest(**fields))

    def _heads(self, headers, *, end=False):
        # Envoy fills `raw_value` alone.
        pairs = [{"key": name, "raw_value": value.encode()} for name, value in headers.items()]
        return {"headers": {"headers": pairs}, "end_of_stream": end}

    def request(self, body, path="/v1/chat/completions", cut=1000, trailers=False, **headers):
        sent = Sent({**ASKED, ":path": path, "content-length": str(len(body)), **headers})
        self._send(request_headers=self._heads(sent.headers, end=not body))
        if self._request_mode == FULL_DUPLEX_STREAMED:
            pieces = [body[at : at + cut] for at in range(0, len(body), cut)]
            for place, piece in enumerate(pieces):
                end = place == len(pieces) - 1 and not trailers
                self._send(request_body={"body": piece, "end_of_stream": end})
            if trailers:
                self._send(request_trailers={})
            return self._duplex(sent, "request")
        if not self._apply(sent, next(self._answers), "request_headers"):
            return sent
        self._send(request_body={"body": body, "end_of_stream": not trailers})
        self._apply(sent, next(self._answers), "request_body")
        return sent

    def response(self, status, headers: dict, pieces: Iterable[bytes], trailers=False):
        pieces = list(pieces)
        sent = Sent({":status": str(status), "content-length": "999", **headers})
        self._send(response_headers=self._heads(sent.headers, end=not pieces))
        mode = self._response_mode
        if mode == FULL_DUPLEX_STREAMED or not pieces:
            for place, piece in enumerate(pieces):
                end = place == len(pieces) - 1 and not trailers
                self._send(response_body={"body": piece, "end_of_stream": end})
            if trailers:
                self._send(response_trailers={})
            return self._duplex(sent, "response")
        answer = next(self._answers)
        self._apply(sent, answer, "response_headers")
        if answer.HasField("mode_override"):
            mode = answer.mode_override.response_body_mode
        if mode == BUFFERED:
            pieces = [b"".join(pieces)]
        for place, piece in enumerate(pieces):  # each waits for the answer to the one before
            self._send(response_body={"body": piece, "end_of_stream": place == len(pieces) - 1 and not trailers})
            self._apply(sent, next(self._answers), "response_body")
        return sent

    def _duplex(self, sent, way):
        for answer in self._answers:
            what = answer.WhichOneof("one")
            if not self._apply(sent, answer, what) or sent.over:
                return sent
            assert what.startswith(way), what
        raise AssertionError("the service ended the exchange")

    def _apply(self, sent, answer, expected):
        """Whether the exchange goes on."""
        what = answer.WhichOneof("one")
        if what == "immediate_response":
            sent.immediate, sent.body = True, answer.immediate_response.body
            sent.headers = {":status": str(answer.immediate_response.status.code)}
            sent.change(answer.immediate_response.headers)
            return False
        assert what == expected
        if what.endswith("trailers"):
            sent.over = True
            return True
        common = getattr(answer, what).response
        sent.change(common.header_mutation)
        change = common.body_mutation.WhichOneof("one")
        if change == "streamed_response":
            sent.add(common.body_mutation.streamed_response.body)
            sent.over = common.body_mutation.streamed_response.end_of_stream
        elif change == "body":
            sent.add(common.body_mutation.body)
        return True


def dial(port):
    return grpc.insecure_channel(f"127.0.0.1:{port}")


MODES = {"buffered": BUFFERED, "streamed": STREAMED, "duplex": FULL_DUPLEX_STREAMED}
