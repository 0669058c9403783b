"""Authenticator apps, by pyotp; and the picture that they read a new secret from, by segno."""


class AuthenticatorApps:
    """RFC 6238 as every app knows it: SHA-1, 6 digits, 30 seconds. Secrets have 160 bits."""

    def new_secret(self) -> str:
        import pyotp

        return pyotp.random_base32(32)

    def code_at(self, secret: str, step: int) -> str:
        """The code of one time step."""
        import pyotp

        return pyotp.HOTP(secret).at(step)

    def address(self, secret: str, owner: str) -> str:
        """What an app needs to know, as `otpauth://`."""
        import pyotp

        return pyotp.TOTP(secret).provisioning_uri(name=owner, issuer_name="CollabAzure")

    def picture(self, address: str) -> str:
        """A QR code as SVG, to be put into a page as it is."""
        import segno

        return segno.make(address, error="m", micro=False).svg_inline(scale=4, title="QR code")
