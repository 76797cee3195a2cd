"""confocal-bag profiles"""

from typing import Annotated

import typer

__all__ = ["profiles"]


def profiles(
    name: Annotated[str | None, typer.Argument(help="A shipped profile or a JSON file, to see what it asks.")] = None,
) -> None:
    """List the shipped BagIt profiles, or say what one profile asks and whether its file is sound."""
    from confocal_bag.bag.profile import load_profile, shipped_profiles
    from confocal_bag.bag.profile_document import check_profile_document
    from confocal_bag.findings import CannotFinish

    if name is None:
        for shipped in shipped_profiles():
            typer.echo(f"{shipped:<30} {load_profile(shipped).identifier}")
        return
    profile = load_profile(name)
    typer.echo(f"{profile.name}: {profile.identifier or 'no identifier'}")
    for label in profile.labels:
        need = "required" if label.required else "recommended" if label.recommended else "optional"
        values = f" one of {', '.join(label.values)}." if label.values else ""
        typer.echo(f"  {label.label} ({need}).{values} {label.description or ''}".rstrip())
    typer.echo(f"  Manifests required: {', '.join(profile.manifests_required) or 'none'}")
    typer.echo(f"  Payload files required: {', '.join(profile.payload_files_required) or 'none'}")
    problems = list(check_profile_document(profile))
    for problem in problems:
        typer.echo(f"  problem: {problem.message} {problem.remedy or ''}".rstrip())
    if problems:
        raise CannotFinish(f"The profile {name} is not sound; see the problems above.")
