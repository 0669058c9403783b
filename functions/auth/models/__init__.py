"""What callers send and see of auth."""

from typing import Annotated

from pydantic import ConfigDict, StringConstraints

from shared.model import Model

FIRST_TENANT = "default"

# How long a new one must be depends on its owner's factors: functions.auth.domain.passwords says.
NewPassword = Annotated[str, StringConstraints(min_length=1, max_length=256)]
# Turnstile's have at most 2048 characters, hCaptcha's more.
CaptchaToken = Annotated[str, StringConstraints(max_length=8192)] | None
GivenPassword = Annotated[str, StringConstraints(max_length=256)]


class Sent(Model):
    model_config = ConfigDict(extra="forbid")
