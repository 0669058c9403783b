"""Links and codes in the mail: where they lead, and the events that ask for them to be sent."""

from dataclasses import dataclass
from datetime import datetime

from functions.auth.domain.user import User
from shared.contracts.auth import SecretMail, SecretMailWanted


@dataclass(frozen=True)
class Addressee:
    """Whose mailbox or phone it is, as far as that is known."""

    tenant_id: str
    to: str
    name: str = ""
    user_id: str | None = None
    locale: str | None = None


def at_email(user: User) -> Addressee:
    return Addressee(user.tenant_id, user.email, user.name, user.id)


@dataclass(frozen=True)
class Letters:
    """Writes what is told in the batch of a link. `base_url` is where people reach the app."""

    base_url: str

    def page(self, name: str, token: str = "") -> str:
        """A secret stands behind `#`: browsers send that to no server, so no log has it."""
        return f"{self.base_url}/api/v1/pages/{name}" + (f"#token={token}" if token else "")

    def with_link(
        self,
        template: SecretMail,
        to: Addressee,
        link: str,
        times: tuple[datetime, datetime],
        **values: str,
    ) -> SecretMailWanted:
        """`times` are now and when the link ends."""
        return SecretMailWanted(
            tenant_id=to.tenant_id,
            at=times[0],
            user_id=to.user_id,
            name=to.name,
            to=to.to,
            template=template,
            values={"link": link, **values},
            locale=to.locale,
            expires_at=times[1],
        )

    def with_code(
        self, to: Addressee, code: str, times: tuple[datetime, datetime]
    ) -> SecretMailWanted:
        """A phone's code, by SMS."""
        minutes = int((times[1] - times[0]).total_seconds()) // 60
        return SecretMailWanted(
            tenant_id=to.tenant_id,
            at=times[0],
            user_id=to.user_id,
            name=to.name,
            channel="sms",
            to=to.to,
            template=SecretMail.PHONE_VERIFICATION,
            values={"code": code, "minutes": str(minutes)},
            locale=to.locale,
            expires_at=times[1],
        )
