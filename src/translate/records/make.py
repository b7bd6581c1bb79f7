"""Makers of the records that most translations need: what calling their classes does, at less than half the price."""

from typing import Final

from .losses import Loss
from .parts import Call, Result, Text
from .quick import maker
from .request import Message, Request, Tool

call: Final = maker(Call)
loss: Final = maker(Loss)
message: Final = maker(Message)
request: Final = maker(Request)
result: Final = maker(Result)
text: Final = maker(Text)
tool: Final = maker(Tool)
