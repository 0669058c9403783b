"""Documents over HTTP."""

from functions.documents.api import content, documents
from functions.documents.api.blueprint import bp

__all__ = ["bp", "content", "documents"]
