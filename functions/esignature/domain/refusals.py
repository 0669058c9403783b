"""How e-signature says no. Codes are permanent and have a line each in docs/problems.md."""

from shared.errors import Conflict, Gone, Invalid, Missing


class DocumentNotFound(Missing):
    """There is no such version of a document."""

    code = "document-not-found"


class NotAPdf(Invalid):
    """Only PDF documents can be signed or verified."""

    code = "not-a-pdf"


class PdfEncrypted(Invalid):
    """An encrypted PDF cannot be signed."""

    code = "pdf-encrypted"


class PdfNotSignable(Invalid):
    """The PDF could be opened, and yet no signature can be added; the detail says why."""

    code = "pdf-not-signable"


class ContentAltered(Conflict):
    """The bytes are not those that their hash was taken from."""

    code = "content-altered"


class FieldsDoNotFit(Invalid):
    """Fields off their page, of nobody, twice the same id, or a signer with nothing to sign."""

    code = "fields-do-not-fit"


class SignerNotCertifiable(Invalid):
    """A signer's name or e-mail address does not fit into a certificate."""

    code = "signer-not-certifiable"


class EnvelopeNotDraft(Conflict):
    """It was sent already, or has ended."""

    code = "envelope-not-draft"


class EnvelopeNotOpen(Conflict):
    """It has not been sent, or everybody has signed, or it has ended."""

    code = "envelope-not-open"


class EnvelopeNotSealed(Conflict):
    """The sealed PDF does not exist before everybody has signed."""

    code = "envelope-not-sealed"


class SignerNotFound(Missing):
    """The envelope has no such signer."""

    code = "signer-not-found"


class SignerNotDue(Conflict):
    """A new link is made only for a signer whose turn it is."""

    code = "signer-not-due"


class LinkUnknown(Missing):
    """This is no signing link that was ever given out."""

    code = "signing-link-unknown"


class LinkExpired(Gone):
    """The time to sign is over."""

    code = "signing-link-expired"


class LinkUsed(Gone):
    """The link was replaced by a newer one, or its envelope has ended without this signature."""

    code = "signing-link-used"


class PageNotFound(Missing):
    """The document has no such page."""

    code = "page-not-found"


class NotYourTurn(Conflict):
    """Others sign first."""

    code = "not-your-turn"


class AlreadySigned(Conflict):
    """This signer has signed; what was signed stays."""

    code = "already-signed"


class ConsentMissing(Conflict):
    """Nobody signs electronically without having agreed to it."""

    code = "consent-missing"


class ConsentOutdated(Invalid):
    """The text agreed to is not the one shown now."""

    code = "consent-outdated"


class RequiredFieldsMissing(Invalid):
    """Fields that must be filled in are empty; `fields` names them."""

    code = "required-fields-missing"


class ValuesDoNotFit(Invalid):
    """Values for fields that are unknown, of somebody else, or of another kind."""

    code = "values-do-not-fit"


class SignatureNotUsable(Invalid):
    """The drawing is no PNG, too large, or blank."""

    code = "signature-not-usable"
