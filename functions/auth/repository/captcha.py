"""The service that judges captchas, asked over `siteverify` as Turnstile and hCaptcha have it.

https://developers.cloudflare.com/turnstile/get-started/server-side-validation/
https://docs.hcaptcha.com/#verify-the-user-response-server-side
"""

from typing import Any

from shared.telemetry.logs import warn

MOST_BYTES = 64 * 1024


class SiteVerify:
    """Whatever is not a clear yes within the time is a no."""

    def __init__(self, url: str, secret: str, site_key: str, patience_s: float = 10) -> None:
        self.site_key = site_key
        self._url = url
        self._secret = secret
        self._patience_s = patience_s

    async def verify(self, token: str, address: str) -> bool:
        """Whether somebody at `address` has just solved what this token stands for."""
        import aiohttp

        form = {"secret": self._secret, "response": token}
        if address:
            form["remoteip"] = address
        try:
            said = await self._asked(form)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            warn("captcha.unreachable", error=type(error).__name__)
            return False
        return isinstance(said, dict) and said.get("success") is True

    async def _asked(self, form: dict[str, str]) -> Any:
        """Raises ValueError for what is no JSON or far too long."""
        import json

        import aiohttp

        timeout = aiohttp.ClientTimeout(total=self._patience_s)
        async with (
            aiohttp.ClientSession(timeout=timeout, raise_for_status=True) as session,
            session.post(self._url, data=form, allow_redirects=False) as answer,
        ):
            content = b""
            async for chunk in answer.content.iter_chunked(MOST_BYTES):
                content += chunk
                if len(content) > MOST_BYTES:
                    raise ValueError("The answer is too long.")
            return json.loads(content)
