"""Tells people when their login is used on a device that it was never used on."""

from functions.auth.domain.devices import device_of
from functions.auth.domain.session import sessions_of
from functions.auth.service.ports import Devices
from shared.contracts.auth import Notice, SecurityNoticed, UserLoggedIn
from shared.errors import Conflict
from shared.platform.clock import Clock
from shared.records.document import Stored


class DeviceService:
    """After the login, so that nobody waits for it."""

    def __init__(self, devices: Devices, now: Clock) -> None:
        self._devices = devices
        self._now = now

    async def seen(self, event: UserLoggedIn) -> None:
        """The first device of all is no news. Safe to repeat."""
        device = device_of(event, self._now())
        known = await self._devices.where(event.tenant_id, key=sessions_of(event.user_id))
        if device.id in {stored.document.id for stored in known}:
            return
        notice = SecurityNoticed(
            tenant_id=event.tenant_id,
            at=event.at,
            user_id=event.user_id,
            notice=Notice.NEW_DEVICE,
            device=event.device,
            address=event.address,
        )
        try:
            await self._devices.save(Stored(device), "see device", *([notice] if known else []))
        except Conflict:
            return
