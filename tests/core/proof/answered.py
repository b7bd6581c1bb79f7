"""What providers of each dialect may answer, for hypothesis: replies, and streams that say the same."""

from hypothesis import strategies as st

from .asked import WIRES
from .strategies import Json

REPLIES = {dialect: wire.replies for dialect, wire in WIRES.items()}
STREAMS = {dialect: wire.streams for dialect, wire in WIRES.items()}


@st.composite
def spoken(draw: st.DrawFn, dialect: str) -> tuple[Json, bytes]:
    """A reply, and a stream that says the same."""
    reply = draw(REPLIES[dialect]())
    return reply, draw(STREAMS[dialect](reply))
