"""Stand-ins: local servers that speak the providers' native wire and judge every payload by it.

They exist to try the gateway without keys and to hold it to account: a request that the official SDK's types or the
provider's documented rules refuse is refused here too, in the provider's own error shape. Nothing is imported from the
code they judge. Answers follow from the request alone: no randomness, no clock.
"""

from .providers import PROVIDERS, start
from .server import StandIn
from .threads import running
from .wire import Call

__all__ = ["PROVIDERS", "Call", "StandIn", "running", "start"]
