"""Where on the pages whose fields are, and whether they fit there. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum

from pydantic import ConfigDict, Field

from functions.esignature.domain.refusals import FieldsDoNotFit
from shared.model import Model

TOLERANCE = 1e-6


class FieldType(StrEnum):
    """What a signer puts into a field."""

    SIGNATURE = "signature"
    INITIALS = "initials"
    DATE = "date"
    TEXT = "text"


class PageSize(Model):
    """A page as displayed: rotation and crop box are accounted for."""

    model_config = ConfigDict(frozen=True)

    number: int
    width_pt: float
    height_pt: float


class SigningField(Model):
    """A rectangle in fractions (0..1) of the displayed page, measured from its top-left corner."""

    model_config = ConfigDict(frozen=True)

    id: str
    signer_id: str
    type: FieldType
    page: int
    x: float
    y: float
    width: float
    height: float
    required: bool = True
    label: str = ""


class Layout(Model):
    """All fields of an envelope on the pages of its document."""

    model_config = ConfigDict(frozen=True)

    pages: tuple[PageSize, ...]
    fields: tuple[SigningField, ...] = Field(default=())

    def of(self, signer_id: str, *types: FieldType) -> tuple[SigningField, ...]:
        """A signer's fields, in the order given; only `types` where any are named."""
        return tuple(
            field
            for field in self.fields
            if field.signer_id == signer_id and (not types or field.type in types)
        )

    def must_fit(self, signer_ids: Sequence[str]) -> None:
        """Raises FieldsDoNotFit, naming every problem at once."""
        problems = [
            *self._field_problems(set(signer_ids)),
            *self._repeated_ids(),
            *self._signers_with_nothing_to_sign(signer_ids),
        ]
        if problems:
            raise FieldsDoNotFit("Some fields do not fit.", fields=problems)

    def _field_problems(self, signer_ids: set[str]) -> Iterator[dict[str, str]]:
        for field in self.fields:
            if field.signer_id not in signer_ids:
                yield _problem(field.id, f"There is no signer {field.signer_id}.")
            if not 1 <= field.page <= len(self.pages):
                yield _problem(field.id, f"There is no page {field.page} of {len(self.pages)}.")
            if not _inside(field):
                yield _problem(field.id, "The rectangle is empty or leaves the page.")

    def _repeated_ids(self) -> Iterator[dict[str, str]]:
        counted = Counter(field.id for field in self.fields)
        for field_id, times in counted.items():
            if times > 1:
                yield _problem(field_id, f"The id is used {times} times.")

    def _signers_with_nothing_to_sign(self, signer_ids: Sequence[str]) -> Iterator[dict[str, str]]:
        for number, signer_id in enumerate(signer_ids):
            if not self.of(signer_id, FieldType.SIGNATURE):
                yield {"at": f"signers.{number}", "problem": "The signer has no signature field."}


def _inside(field: SigningField) -> bool:
    return (
        field.x >= 0
        and field.y >= 0
        and field.width > 0
        and field.height > 0
        and field.x + field.width <= 1 + TOLERANCE
        and field.y + field.height <= 1 + TOLERANCE
    )


def _problem(field_id: str, problem: str) -> dict[str, str]:
    return {"at": f"fields.{field_id}", "problem": problem}
