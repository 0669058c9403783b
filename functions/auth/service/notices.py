"""What users are told when something about their login changes."""

from datetime import datetime

from functions.auth.domain.user import User
from functions.auth.service.ports import Client
from shared.contracts.auth import Notice, SecurityNoticed


def noticed(
    user: User, notice: Notice, at: datetime, client: Client | None = None, **details: str
) -> SecurityNoticed:
    """To be told in the batch of the change. `details` hold no secret."""
    return SecurityNoticed(
        tenant_id=user.tenant_id,
        at=at,
        user_id=user.id,
        notice=notice,
        details=details,
        address=client.address if client else "",
        device=client.device if client else "",
    )
