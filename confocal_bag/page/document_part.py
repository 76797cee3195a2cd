"""A part of the JSON document of a run, as it may have been saved years ago."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["MOST", "Count", "DocumentPart"]

#: More than any disk has bytes; what is larger was written by somebody else.
MOST = 2**63
Count = Annotated[int, Field(ge=0, lt=MOST)]


class DocumentPart(BaseModel):
    """Documents may say more than is shown."""

    model_config = ConfigDict(extra="ignore", frozen=True)
