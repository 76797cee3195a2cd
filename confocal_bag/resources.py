"""Where the templates and profiles lie: in a checkout, an editable install and a wheel alike."""

from pathlib import Path

__all__ = ["profiles_folder", "templates_folder"]

_PACKAGE = Path(__file__).resolve().parent


def templates_folder() -> Path:
    """The folder of the Jinja templates."""
    return _resource("templates")


def profiles_folder() -> Path:
    """The folder of the BagIt profiles."""
    return _resource("profiles")


def _resource(name: str) -> Path:
    for parent in (_PACKAGE, _PACKAGE.parent):
        if (parent / name).is_dir():
            return parent / name
    raise FileNotFoundError(f"the folder {name} is missing from this installation of confocal-bag")
