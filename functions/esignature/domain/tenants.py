"""Which tenants have envelopes, so that timers can visit them one by one."""

from pydantic import AwareDatetime

from shared.records.document import Document

TENANTS = "tenants-with-envelopes"


class TenantWithEnvelopes(Document):
    """Its id is the tenant it speaks of; all of them lie in one partition of the system tenant."""

    noted_at: AwareDatetime

    @property
    def key(self) -> str:
        return TENANTS
