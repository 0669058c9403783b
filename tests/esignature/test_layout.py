"""Fields on pages, as the rules see them."""

import pytest

from functions.esignature.domain.layout import FieldType, Layout, PageSize, SigningField
from functions.esignature.domain.refusals import FieldsDoNotFit

PAGES = (PageSize(number=1, width_pt=100, height_pt=100),)


def place(**more: object) -> SigningField:
    known = {"id": "f", "signer_id": "s", "type": FieldType.SIGNATURE, "page": 1}
    return SigningField.model_validate(
        {**known, "x": 0.1, "y": 0.1, "width": 0.1, "height": 0.1, **more}
    )


def test_a_field_of_nobody_is_named() -> None:
    layout = Layout(pages=PAGES, fields=(place(), place(id="g", signer_id="stranger")))
    with pytest.raises(FieldsDoNotFit) as refused:
        layout.must_fit(["s"])
    assert refused.value.more["fields"] == [
        {"at": "fields.g", "problem": "There is no signer stranger."}
    ]


@pytest.mark.parametrize(
    "wrong", [{"x": -0.1}, {"y": -0.1}, {"width": 0}, {"height": -1}, {"page": 0}, {"page": 2}]
)
def test_a_field_off_the_page_is_named(wrong: dict[str, object]) -> None:
    layout = Layout(pages=PAGES, fields=(place(), place(id="g", **wrong)))
    with pytest.raises(FieldsDoNotFit):
        layout.must_fit(["s"])
    Layout(pages=PAGES, fields=(place(),)).must_fit(["s"])
