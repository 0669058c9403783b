"""How PDF work says no. Capabilities map these to refusals of their own; none knows HTTP."""


class PadesError(Exception):
    """Anything that this room refuses or fails at."""


class DocumentRefused(PadesError):
    """The file itself is the reason."""


class NotAPdf(DocumentRefused):
    """The bytes are not a PDF that can be opened."""


class PdfEncrypted(DocumentRefused):
    """The PDF is encrypted, even if with an empty password."""


class PdfTooComplex(DocumentRefused):
    """The PDF asks for more pages, objects or memory than we grant."""


class PdfDamaged(DocumentRefused):
    """The PDF opens only after repair, so that no revision can be appended.
    Stamping rewrites it.
    """


class DocumentLocked(DocumentRefused):
    """An earlier signature forbids every change (DocMDP P=1)."""


class AlreadySigned(DocumentRefused):
    """The wish would alter, or has to precede, signatures that the PDF already carries."""


class RequestRefused(PadesError):
    """What was asked for does not fit the document."""


class PageNotFound(RequestRefused):
    """There is no such page."""


class PlacementRefused(RequestRefused):
    """The rectangle is empty or leaves the page."""


class FieldNameTaken(RequestRefused):
    """A field of that name exists: the signature was made already, or the name was not unique."""


class PictureRefused(RequestRefused):
    """The picture is no PNG or JPEG, or too large."""


class CertificateRefused(RequestRefused):
    """The name, address or period cannot be certified."""


class SignatureTooLarge(PadesError):
    """Certificates and timestamp outgrow the space reserved for them."""


class TimestampUnavailable(PadesError):
    """The timestamp authority gave no token. Nothing was signed: retry later, or decide on B-B."""


class TimestampRefused(TimestampUnavailable):
    """The timestamp authority answered, with a refusal or with something that is no valid token."""
