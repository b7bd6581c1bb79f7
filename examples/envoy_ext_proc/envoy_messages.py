"""What of Envoy's ``envoy.service.ext_proc.v3`` this example speaks, made from a table of field numbers.

Nothing is generated and no schema is compiled. Fields that are not in the table are skipped by the reader, as in any
version of a protocol buffer. The numbers are those of the public API:
https://www.envoyproxy.io/docs/envoy/latest/api-v3/service/ext_proc/v3/external_processor.proto
"""

from __future__ import annotations

from typing import Any, Final

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

SERVICE: Final = "envoy.service.ext_proc.v3.ExternalProcessor"
METHOD: Final = "Process"

# ProcessingMode.BodySendMode
NONE: Final = 0
STREAMED: Final = 1
BUFFERED: Final = 2
FULL_DUPLEX_STREAMED: Final = 4
# HeaderValueOption.HeaderAppendAction
OVERWRITE_IF_EXISTS_OR_ADD: Final = 2

_PACKAGE: Final = "dragoman.example"  # names of messages are not on the wire
# Message -> field -> number and type; "?" is a member of the message's one choice, "*" a list.
_MESSAGES: Final[dict[str, dict[str, tuple[int, str]]]] = {
    "HeaderValue": {"key": (1, "string"), "value": (2, "string"), "raw_value": (3, "bytes")},
    "HeaderMap": {"headers": (1, "*HeaderValue")},
    "HeaderValueOption": {"header": (1, "HeaderValue"), "append_action": (3, "int32")},
    "HeaderMutation": {"set_headers": (1, "*HeaderValueOption"), "remove_headers": (2, "*string")},
    "HttpStatus": {"code": (1, "int32")},
    "HttpHeaders": {"headers": (1, "HeaderMap"), "end_of_stream": (3, "bool")},
    "HttpBody": {"body": (1, "bytes"), "end_of_stream": (2, "bool")},
    "HttpTrailers": {"trailers": (1, "HeaderMap")},
    "ProtocolConfiguration": {"request_body_mode": (1, "int32"), "response_body_mode": (2, "int32")},
    "ProcessingRequest": {
        "request_headers": (2, "?HttpHeaders"),
        "response_headers": (3, "?HttpHeaders"),
        "request_body": (4, "?HttpBody"),
        "response_body": (5, "?HttpBody"),
        "request_trailers": (6, "?HttpTrailers"),
        "response_trailers": (7, "?HttpTrailers"),
        "protocol_config": (11, "ProtocolConfiguration"),
    },
    "StreamedBodyResponse": {"body": (1, "bytes"), "end_of_stream": (2, "bool")},
    "BodyMutation": {
        "body": (1, "?bytes"),
        "clear_body": (2, "?bool"),
        "streamed_response": (3, "?StreamedBodyResponse"),
    },
    "CommonResponse": {
        "status": (1, "int32"),
        "header_mutation": (2, "HeaderMutation"),
        "body_mutation": (3, "BodyMutation"),
        "clear_route_cache": (5, "bool"),
    },
    "HeadersResponse": {"response": (1, "CommonResponse")},
    "BodyResponse": {"response": (1, "CommonResponse")},
    "TrailersResponse": {"header_mutation": (1, "HeaderMutation")},
    "ImmediateResponse": {
        "status": (1, "HttpStatus"),
        "headers": (2, "HeaderMutation"),
        "body": (3, "bytes"),
        "details": (5, "string"),
    },
    "ProcessingMode": {
        "request_header_mode": (1, "int32"),
        "response_header_mode": (2, "int32"),
        "request_body_mode": (3, "int32"),
        "response_body_mode": (4, "int32"),
        "request_trailer_mode": (5, "int32"),
        "response_trailer_mode": (6, "int32"),
    },
    "ProcessingResponse": {
        "request_headers": (1, "?HeadersResponse"),
        "response_headers": (2, "?HeadersResponse"),
        "request_body": (3, "?BodyResponse"),
        "response_body": (4, "?BodyResponse"),
        "request_trailers": (5, "?TrailersResponse"),
        "response_trailers": (6, "?TrailersResponse"),
        "immediate_response": (7, "?ImmediateResponse"),
        "mode_override": (9, "ProcessingMode"),
    },
}
_Field = descriptor_pb2.FieldDescriptorProto


def _file() -> descriptor_pb2.FileDescriptorProto:
    file = descriptor_pb2.FileDescriptorProto(name="ext_proc.proto", package=_PACKAGE, syntax="proto3")
    for name, fields in _MESSAGES.items():
        message = file.message_type.add(name=name)
        for field, (number, kind) in fields.items():
            bare = kind.lstrip("?*")
            one = message.field.add(name=field, number=number, label=_Field.LABEL_OPTIONAL)
            if kind.startswith("*"):
                one.label = _Field.LABEL_REPEATED
            elif kind.startswith("?"):
                one.oneof_index = 0
            if bare in _MESSAGES:
                one.type, one.type_name = _Field.TYPE_MESSAGE, f".{_PACKAGE}.{bare}"
            else:
                one.type = _Field.Type.Value(f"TYPE_{bare.upper()}")
        if any(kind.startswith("?") for _, kind in fields.values()):
            message.oneof_decl.add(name="one")
    return file


_pool = descriptor_pool.DescriptorPool()
_pool.Add(_file())


def _class(name: str) -> Any:
    return message_factory.GetMessageClass(_pool.FindMessageTypeByName(f"{_PACKAGE}.{name}"))


ProcessingRequest = _class("ProcessingRequest")
ProcessingResponse = _class("ProcessingResponse")
CommonResponse = _class("CommonResponse")
HeaderMutation = _class("HeaderMutation")
