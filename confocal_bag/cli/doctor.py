"""confocal-bag doctor"""

import sys

import typer

__all__ = ["doctor"]

_PACKAGES = (
    "bagit", "bioio", "imagecodecs", "jinja2", "liffile", "lxml", "nd2",
    "numpy", "oiffile", "ome-types", "openreadout", "pydantic", "rich", "ruamel.yaml", "tifffile", "typer", "zarr",
)  # fmt: skip


def doctor() -> None:
    """Say which versions are at work; prove that conversion works.

    It converts a file made for the purpose.
    """
    from importlib.metadata import PackageNotFoundError, version
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from confocal_bag import __version__
    from confocal_bag.findings import CannotFinish
    from confocal_bag.image.convert import convert_image
    from confocal_bag.image.readers.plugins import find_plugins
    from confocal_bag.image.synthetic import cell_stack, write_lsm

    typer.echo(f"confocal-bag {__version__}, Python {sys.version.split()[0]}")
    missing = []
    for package in _PACKAGES:
        try:
            typer.echo(f"  {package:<16} {version(package)}")
        except PackageNotFoundError:
            missing.append(package)
    if missing:
        raise CannotFinish(f"Not installed: {', '.join(missing)}. Install confocal-bag again.")
    for plugin in find_plugins():
        reads = plugin.problem or f"reads {' '.join(plugin.extensions)}"
        typer.echo(f"  bioio plugin {plugin.distribution} {plugin.version}: {reads}")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "synthetic.lsm"
        write_lsm(path, cell_stack(planes=2, size=32))
        made = convert_image(path, Path(folder))
    typer.echo(f"  conversion works: {len(made[0].planes)} planes of a synthetic LSM file converted and proven")
