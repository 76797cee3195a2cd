"""The package's own shape: who may import whom, and who may use which library."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "confocal_bag"

#: Each layer and the layers below it that it may import. A module's layer is its first folder or its own name.
BOTTOM = {
    "findings",
    "vocabulary",
    "private_folder",
    "progress",
    "resources",
    "spreadsheet",
    "counted",
    "curated",
    "damage_words",
    "containment",
    "document",
    "document_text",
    "safe_xml",
    "remote",
    "elsewhere",
    "zip_format",
    "confocal_bag",
}
DEPOSIT = BOTTOM | {"image", "deposit"}
WORK = DEPOSIT | {
    "bag",
    "inspect",
    "stacks",
    "conversions",
    "plan",
    "packing",
    "stacking",
    "promises",
    "build_report",
    "build",
    "validate",
    "hindrances",
    "dataset_readme",
    "exporting",
}
ALLOWED = {
    "bag": BOTTOM | {"bag"},
    "image": BOTTOM | {"image"},
    "deposit": DEPOSIT,
    "inspect": DEPOSIT | {"inspect"},
    "asking": DEPOSIT | {"inspect"},
    "stacks": DEPOSIT | {"inspect", "stacks"},
    "conversions": DEPOSIT | {"inspect"},
    "plan": DEPOSIT | {"inspect", "stacks", "conversions"},
    "promises": DEPOSIT | {"promises"},
    "validate": DEPOSIT | {"bag", "promises"},
    "exporting": DEPOSIT | {"plan"},
    "packing": DEPOSIT | {"bag", "inspect", "plan", "exporting", "packing"},
    "hindrances": DEPOSIT | {"bag", "inspect", "plan", "validate"},
    "stacking": DEPOSIT | {"bag", "inspect", "plan", "packing", "stacks", "stacking"},
    "dataset_readme": DEPOSIT | {"inspect", "packing", "plan"},
    "build_report": DEPOSIT | {"inspect", "packing"},
    "build": WORK,
    "side_by_side": BOTTOM | {"side_by_side"},
    "receiving": DEPOSIT | {"bag", "validate", "side_by_side"},
    "audit": DEPOSIT | {"bag", "validate", "receiving", "side_by_side", "audit"},
    "batch_table": BOTTOM,
    "batch_results": BOTTOM | {"bag", "batch_table"},
    "batch": WORK | {"receiving", "side_by_side", "batch_table", "batch_results"},
    "catalogue": WORK | {"audit"},
    "demo": DEPOSIT,
    "workers": BOTTOM | {"side_by_side", "workers"},
    "ship": DEPOSIT | {"bag", "validate", "side_by_side", "ship"},
    "page": DEPOSIT | {"bag", "page"},
    "render": WORK | {"page", "render"},
    "cli": WORK
    | {
        "page",
        "render",
        "cli",
        "demo",
        "catalogue",
        "asking",
        "receiving",
        "audit",
        "batch",
        "batch_table",
        "ship",
        "workers",
    },
    **dict.fromkeys(BOTTOM, BOTTOM),
    "__init__": WORK,
    "__main__": {"cli"},
}

#: Libraries that only these layers may import.
OWNERS = {
    "bagit": {"bag"},
    "tifffile": {"image"},
    "bioio": {"image"},
    "bioio_base": {"image"},
    "bioio_nd2": {"image"},
    "bioio_ome_tiff": {"image"},
    "bioio_tifffile": {"image"},
    "ome_types": {"image"},
    "liffile": {"image"},
    "oiffile": {"image"},
    "loky": {"image"},
    "nd2": {"image"},
    "openreadout": {"image"},
    "zarr": {"image"},
    "PIL": {"image"},
    "pypdf": {"document_text"},
    "typer": {"cli"},
    "rich": {"cli", "render"},
    "dask": {"workers", "image"},
    "distributed": {"workers"},
    "fsspec": {"remote", "image"},
    "s3fs": {"remote"},
    "sshfs": {"remote"},
}


def modules() -> list[Path]:
    """Every module of the package."""
    return sorted(PACKAGE.rglob("*.py"))


def layer(path: Path) -> str:
    """The layer a module belongs to."""
    relative = path.relative_to(PACKAGE)
    return relative.parts[0] if len(relative.parts) > 1 else relative.stem


def imports(path: Path) -> Iterator[str]:
    """The dotted names a module imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names if node.module == "confocal_bag")


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_one_way(path: Path) -> None:
    """A module imports only from layers below its own."""
    for name in imports(path):
        parts = name.split(".")
        if parts[0] == "confocal_bag":
            target = parts[1] if len(parts) > 1 else "confocal_bag"
            if target != "__version__":
                assert target in ALLOWED[layer(path)], f"{path} must not import {name}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_libraries_stay_with_their_owners(path: Path) -> None:
    """BagIt, image and terminal libraries are each used by one layer only."""
    for name in imports(path):
        library = name.partition(".")[0]
        if library in OWNERS:
            assert layer(path) in OWNERS[library], f"{path} must not import {library}"


def test_nothing_but_the_settings_reads_the_environment() -> None:
    """No module looks at environment variables."""
    for path in modules():
        text = path.read_text(encoding="utf-8")
        assert "os.environ" not in text, path
        assert "getenv" not in text, path
