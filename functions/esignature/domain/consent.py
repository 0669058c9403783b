"""What a signer agrees to before signing. A text is never changed: a new one is a new version."""

from pydantic import AwareDatetime, ConfigDict

from shared.model import Model

VERSION = "2026-11"
TEXTS = {
    VERSION: (
        "I agree to read and sign this document electronically. My electronic signature shall have "
        "the same effect as one by hand. The time, my network address and my browser are recorded "
        "as evidence, and kept with the document. I may decline and ask for paper instead."
    )
}


class Consent(Model):
    """Which text was agreed to, and when."""

    model_config = ConfigDict(frozen=True)

    version: str
    accepted_at: AwareDatetime

    @property
    def text(self) -> str:
        return TEXTS[self.version]
