"""Makers of the records that most translations need: what calling their classes does, at less than half the price."""

from __future__ import annotations

from typing import Final

from .losses import Loss
from .parts import Call, Result, Text
from .quick import maker
from .reply import Choice, Reply
from .request import Message, Request, Tool
from .usage import Usage

call: Final = maker(Call)
choice: Final = maker(Choice)
loss: Final = maker(Loss)
message: Final = maker(Message)
reply: Final = maker(Reply)
request: Final = maker(Request)
result: Final = maker(Result)
text: Final = maker(Text)
tool: Final = maker(Tool)
usage: Final = maker(Usage)
