"""Runs templates so that they can read the values they are given, and do nothing."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path, PurePath
from traceback import extract_tb
from typing import TYPE_CHECKING, Any

import jinja2
from jinja2.runtime import BlockReference, Context, LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment

from confocal_bag.deposit.exports.plain_text import Prepared, cleaned
from confocal_bag.deposit.exports.template import BUILT_IN
from confocal_bag.findings import CannotFinish, one_line, readable_path

if TYPE_CHECKING:
    from confocal_bag.deposit.exports.template import Templates

__all__ = ["loaded", "rendered"]

#: Values whose methods a template may call; of everything else it sees fields only.
_PLAIN = (str, int, float, tuple, list, dict, date, LoopContext, BlockReference, Macro)
#: What a template itself can do wrong.
_FAULTS = (
    jinja2.TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError,
    MemoryError,
)  # fmt: skip
#: No text or list of a template is repeated to more than this, in characters or entries; no power has more bits.
_LONGEST = 1_000_000


def rendered(
    templates: "Templates", name: str, values: Mapping[str, Any], functions: Mapping[str, Callable[..., Any]]
) -> str:
    """The text of a template; see `Templates.render`."""
    template = loaded(templates, name, functions)
    try:
        text = template.render(values)
    except _FAULTS as error:
        raise _told(templates, error) from error
    return _without_gaps([line.rstrip() for line in text.split("\n")])


def loaded(templates: "Templates", name: str, functions: Mapping[str, Callable[..., Any]]) -> jinja2.Template:
    """A template, compiled. Raises `CannotFinish` for an error in a template of the user's folder."""
    environment = _Sandbox(
        loader=_Loader(templates),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # plain text; `finalize` makes every value harmless
        finalize=lambda value: value if isinstance(value, Prepared) else cleaned(value),
    )
    environment.globals = dict(functions)
    environment.allowed = tuple(functions.values())
    try:
        return environment.get_template(name)
    except _FAULTS as error:
        raise _told(templates, error) from error


class _Sandbox(ImmutableSandboxedEnvironment):
    """No private attributes, no methods but those of plain values, no paths of this machine."""

    allowed: tuple[Callable[..., Any], ...] = ()
    intercepted_binops = frozenset({"*", "**", "%"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """What fills the memory is refused before it does: repetition, powers, and formats with a width."""
        if operator == "*":
            too_large = _repeats(left, right) or _repeats(right, left)
        elif operator == "**":
            too_large = isinstance(left, int) and isinstance(right, int) and left.bit_length() * right > _LONGEST
        else:
            too_large = isinstance(left, str) and re.search(r"%[^A-Za-z%]*(?:[0-9]{5}|\*)", left) is not None
        if too_large:
            raise jinja2.TemplateRuntimeError(f"what {operator} makes here is too large")
        return super().call_binop(context, operator, left, right)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Fields of every value, methods of plain ones; of a path nothing but its text."""
        if isinstance(obj, PurePath) or (callable(value) and not isinstance(obj, _PLAIN)):
            return False
        return super().is_safe_attribute(obj, attr, value)

    def is_safe_callable(self, obj: Any) -> bool:
        """The functions that were given, and what attributes of plain values and blocks of templates give."""
        owner = getattr(obj, "__self__", None)
        known = any(obj is one for one in self.allowed) or isinstance(obj, BlockReference | Macro | LoopContext)
        return known or (isinstance(owner, _PLAIN) and super().is_safe_callable(obj))

    def call(self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:
        """What a block or macro of a template gives is text that was laid out: its values were, one by one."""
        found = super().call(__context, __obj, *args, **kwargs)
        return Prepared(found) if isinstance(__obj, BlockReference | Macro) else found

    def join_path(self, template: str, parent: str) -> str:
        """The name of a template that another extends or includes; one of its own name is the built-in one."""
        return f"{BUILT_IN}{template}" if template == parent else template


def _repeats(value: Any, times: Any) -> bool:
    """Whether a text or list is repeated too often."""
    return isinstance(value, str | list | tuple) and isinstance(times, int) and len(value) * times > _LONGEST


class _Loader(jinja2.BaseLoader):
    """Finds templates by name, the user's before the built-in ones."""

    def __init__(self, templates: "Templates") -> None:
        self._templates = templates

    def get_source(
        self,
        environment: jinja2.Environment,  # noqa: ARG002 - what jinja2 calls it with
        template: str,
    ) -> tuple[str, str, Callable[[], bool]]:
        """The text and the file of a template."""
        try:
            text, path = self._templates.source(template)
        except LookupError:
            raise jinja2.TemplateNotFound(template) from None
        return text, str(path), lambda: True


def _told(templates: "Templates", error: Exception) -> Exception:
    """The error in one sentence with file and line where the user's template is at fault, else the error itself."""
    folder = templates.folder
    if folder is None:
        return error
    path, line = _place(error, folder)
    if path is None:
        return error
    reason = one_line(str(error)).rstrip(".")
    if isinstance(error, MemoryError):
        reason = "what it makes is larger than the memory"
    elif isinstance(error, RecursionError):
        reason = "the templates extend or include each other without end"
    elif isinstance(error, jinja2.TemplateNotFound):
        reason = f"there is no template {error.name or ''}"
    where = f", line {line}" if line else ""
    return CannotFinish(f"The template {readable_path(path)}{where}: {reason}. Mend the template, or leave it out.")


def _place(error: Exception, folder: Path) -> tuple[Path | None, int | None]:
    """The file of the user's in which an error arose, and the line; (None, None) where it is not in theirs."""
    if isinstance(error, jinja2.TemplateSyntaxError) and error.filename:
        path = Path(error.filename)
        return (path, error.lineno) if path.parent == folder else (None, None)
    own = [frame for frame in extract_tb(error.__traceback__) if Path(frame.filename).parent == folder]
    return (Path(own[-1].filename), own[-1].lineno) if own else (None, None)


def _without_gaps(lines: Sequence[str]) -> str:
    """The lines with one blank line where there were several, none at the ends, and a line feed at the end."""
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip("\n") + "\n"
