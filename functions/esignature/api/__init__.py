"""E-signature over HTTP: for senders, for signers, and for whoever wants to verify."""

from functions.esignature.api import envelopes, evidence, page, signing, verifying
from functions.esignature.api.blueprint import bp

__all__ = ["bp", "envelopes", "evidence", "page", "signing", "verifying"]
