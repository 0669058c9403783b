"""Correlation filters: properties that must be equal."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from local.servicebus.message import Content


@dataclass(frozen=True)
class CorrelationFilter:
    """All that is given must be equal; what is not given does not matter."""

    subject: str | None = None
    correlation_id: str | None = None
    message_id: str | None = None
    session_id: str | None = None
    to: str | None = None
    reply_to: str | None = None
    reply_to_session_id: str | None = None
    content_type: str | None = None
    properties: Mapping[str, object] = field(default_factory=dict)

    def takes(self, content: Content) -> bool:
        pairs = (
            (self.subject, content.subject),
            (self.correlation_id, content.correlation_id),
            (self.message_id, content.message_id),
            (self.session_id, content.session_id),
            (self.to, content.to),
            (self.reply_to, content.reply_to),
            (self.reply_to_session_id, content.reply_to_session_id),
            (self.content_type, content.content_type),
        )
        if any(wanted is not None and wanted != actual for wanted, actual in pairs):
            return False
        return all(
            content.application_property(name) == wanted for name, wanted in self.properties.items()
        )
