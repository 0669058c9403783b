"""The base of every pydantic model: built when first used, so that loading the app stays quick."""

from pydantic import BaseModel, ConfigDict  # noqa: TID251 - this is the one place


class Model(BaseModel):
    """All models of the product derive from it, and none from pydantic's own."""

    model_config = ConfigDict(defer_build=True)
