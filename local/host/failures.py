"""The one way in which an app can be refused by the host."""


class IndexFailed(Exception):
    """The app cannot be served. The message names the function and the reason."""
