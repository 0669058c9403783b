"""The ways in which documents say no."""

from shared.errors import Conflict, Invalid, TooLarge


class NothingUploaded(Conflict):
    """The upload link of this version was not used yet, or what it took is gone."""

    code = "nothing-uploaded"


class UploadAbandoned(Conflict):
    """The upload was never completed and is given up; open another version."""

    code = "upload-abandoned"


class VersionNotAccepted(Conflict):
    """The version has no content yet, or never got any."""

    code = "version-not-accepted"


class TooManyVersions(Conflict):
    """The document has as many versions as one can have."""

    code = "too-many-versions"


class ContentDamaged(Conflict):
    """The kept bytes are not those that were accepted; they are not handed out."""

    code = "content-damaged"


class DigestMismatch(Invalid):
    """The uploaded bytes are not those that were announced."""

    code = "digest-mismatch"


class MediaTypeMismatch(Invalid):
    """Name, announced media type and content do not agree."""

    code = "media-type-mismatch"


class ContentRefused(Invalid):
    """The content is empty, broken or made to do harm."""

    code = "content-refused"


class TooLargeToAnswer(TooLarge):
    """The content is too large for an answer; ask for a link to it."""

    code = "content-too-large-to-answer"
