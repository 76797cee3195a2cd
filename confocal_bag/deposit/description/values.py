"""How single values of deposit.yaml are read: texts, numbers, lists, and groups of fields."""

import math
import re
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

__all__ = [
    "Amount",
    "Amounts",
    "Latitude",
    "Length",
    "Longitude",
    "Number",
    "NumberOrText",
    "Part",
    "Places",
    "PositiveNumber",
    "Text",
    "Texts",
    "Words",
    "WrittenFloat",
    "WrittenInt",
    "listed",
]


class WrittenInt(int):
    """An unquoted whole number, with the characters that were written."""

    text: str


class WrittenFloat(float):
    """An unquoted decimal number, with the characters that were written: 1.10 is not 1.1."""

    text: str


def _text(value: Any) -> Any:
    if isinstance(value, WrittenInt | WrittenFloat):
        return value.text
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str):
        return value.strip() or None
    return value


def _number(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("expected a number")
    if isinstance(value, str):
        value = value.strip()
        return value or None
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("expected a number")
    return value


def _number_or_text(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("expected a number or a text")
    text = _text(value)
    try:
        number = float(text) if isinstance(text, str) else None
    except ValueError:
        return text
    return number if number is not None and math.isfinite(number) else text


def _listed_text(value: Any) -> Any:
    return "" if value is None else _text(value) or ""


def _without_blank(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(text for text in texts if text)


def _words(value: Any) -> Any:
    return [one.strip() for one in re.split("[,;]", value)] if isinstance(value, str) else value


def listed(value: Any) -> Any:
    """Nothing is an empty list, and one thing is a list of one."""
    if value is None:
        return ()
    if isinstance(value, str | dict | int | float) and not isinstance(value, bool):
        return (value,)
    return value


#: One text; blank text is "not recorded", an unquoted number keeps its characters.
Text = Annotated[str | None, BeforeValidator(_text)]
#: A finite number.
Number = Annotated[Annotated[float, Field(allow_inf_nan=False)] | None, BeforeValidator(_number)]
#: A finite number that is not below zero.
Amount = Annotated[Annotated[float, Field(ge=0, allow_inf_nan=False)] | None, BeforeValidator(_number)]
#: A finite number above zero.
PositiveNumber = Annotated[Annotated[float, Field(gt=0, allow_inf_nan=False)] | None, BeforeValidator(_number)]
#: A number where the text is one, else the text.
NumberOrText = Annotated[float | str | None, BeforeValidator(_number_or_text)]
#: A length that must be given: a side of a pixel in micrometres, an end of a band in nanometres.
Length = Annotated[float, BeforeValidator(_number), Field(gt=0, allow_inf_nan=False)]
#: Several numbers that are not below zero; one alone is accepted.
Amounts = Annotated[
    tuple[Annotated[float, BeforeValidator(_number), Field(ge=0, allow_inf_nan=False)], ...], BeforeValidator(listed)
]
#: A latitude or longitude in degrees.
Latitude = Annotated[Annotated[float, Field(ge=-90, le=90)] | None, BeforeValidator(_number)]
Longitude = Annotated[Annotated[float, Field(ge=-180, le=180)] | None, BeforeValidator(_number)]
#: Several texts; one text alone is accepted.
Texts = Annotated[
    tuple[Annotated[str, BeforeValidator(_listed_text)], ...],
    BeforeValidator(listed),
    AfterValidator(_without_blank),
]
#: As `Texts`; one text alone is a list that was written on one line: a, b, c.
Words = Annotated[Texts, BeforeValidator(_words)]
#: As `Texts`, but an item's position says what it is of, so that an empty one keeps its place.
Places = Annotated[tuple[Text, ...], BeforeValidator(listed)]


class Part(BaseModel):
    """A group of fields.

    Where `short_form` names a field, a plain text stands for a group with that field alone.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    short_form: ClassVar[str | None] = None

    @model_validator(mode="before")
    @classmethod
    def _read_short_form(cls, value: Any) -> Any:
        if value is None:
            return {}
        if cls.short_form and isinstance(value, str | int | float) and not isinstance(value, bool):
            return {cls.short_form: value}
        return value

    @property
    def is_recorded(self) -> bool:
        """Whether any field of the group has a value."""
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, Part):
                if value.is_recorded:
                    return True
            elif value is not None and value != ():
                return True
        return False
