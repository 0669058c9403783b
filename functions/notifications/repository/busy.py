"""What a provider says that does not take a message now. Knows no provider."""

from shared.errors import Unavailable


class ProviderBusy(Unavailable):
    """The provider may take the message later."""
