"""The text of an expression, read from left to right."""

__all__ = ["ExpressionFault", "ExpressionText"]

_LONGEST_EXPRESSION = 1000


class ExpressionFault(Exception):  # noqa: N818 - says what was seen
    """The expression cannot be used; `is_malformed` tells a mistake in it from what is not offered here."""

    def __init__(self, reason: str, *, is_malformed: bool = False) -> None:
        super().__init__(reason)
        self.is_malformed = is_malformed


class ExpressionText:
    """The text, and the place up to which it was read. Raises ExpressionFault where it is too long."""

    def __init__(self, source: str) -> None:
        if len(source) > _LONGEST_EXPRESSION:
            raise ExpressionFault(f"it has {len(source):,} characters; {_LONGEST_EXPRESSION:,} are the most")
        self.source = source
        self.place = 0

    @property
    def is_read(self) -> bool:
        """Whether nothing is left."""
        return self.place >= len(self.source)

    def looks_at(self, sign: str) -> bool:
        """Whether this comes next."""
        return self.source.startswith(sign, self.place)

    def take(self, sign: str) -> bool:
        """Read on behind this, if it comes next; whether it did."""
        if not self.looks_at(sign):
            return False
        self.place += len(sign)
        return True

    def next(self) -> str:
        """The next character. Raises ExpressionFault at the end."""
        if self.is_read:
            raise self.malformed("it ends too early")
        self.place += 1
        return self.source[self.place - 1]

    def malformed(self, reason: str) -> ExpressionFault:
        """The fault for a mistake at this place."""
        return ExpressionFault(f"{reason} (at character {self.place + 1})", is_malformed=True)
