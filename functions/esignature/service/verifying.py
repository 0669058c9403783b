"""Verifying the signatures of any PDF against those whom the platform trusts."""

import asyncio
from collections.abc import Callable

from functions.esignature.domain.refusals import NotAPdf
from functions.esignature.models.verification import VerificationView
from functions.esignature.service.ports import ProvideAuthority
from shared.pades import errors
from shared.pades.report import Report
from shared.pades.verifying import verify
from shared.platform.clock import Clock


class VerificationService:
    """`timestamp_roots` are PEM, none if no timestamp authority is trusted."""

    def __init__(
        self, authority: ProvideAuthority, timestamp_roots: Callable[[], list[bytes]], now: Clock
    ) -> None:
        self._authority = authority
        self._timestamp_roots = timestamp_roots
        self._now = now

    async def verify(self, pdf: bytes) -> VerificationView:
        """Raises NotAPdf."""
        roots = [(await self._authority()).certificate_pem()]
        try:
            report = await asyncio.to_thread(self._report, pdf, roots)
        except errors.NotAPdf as error:
            raise NotAPdf("The file is not a PDF.") from error
        return VerificationView.model_validate(report)

    def _report(self, pdf: bytes, roots: list[bytes]) -> Report:
        return verify(pdf, roots=roots, timestamp_roots=self._timestamp_roots(), now=self._now())
