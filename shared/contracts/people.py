"""How somebody is reached: with a login, or as a contact of whom only an address is known."""

from pydantic import ConfigDict

from shared.model import Model


class Recipient(Model):
    """`user_id` reaches the in-app inbox too; e-mail and phone (E.164) as far as they are known."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str
    user_id: str | None = None
    email: str | None = None
    phone: str | None = None
