"""Reports with what the pages must show or must not be turned by."""

from typing import Any

from confocal_bag.findings import Check, Finding, Outcome, Report, Severity

__all__ = ["HOSTILE", "deposit_report", "image_file", "step"]

#: What a hostile depositor may call a file, a channel or an objective.
HOSTILE = "\"><script>alert('x')</script><img src=x onerror=alert(1)>\u202egpj.exe</title></style>&amp;{{ 7*7 }}"


def image_file(path: str, *, name: str = "cells", axes: dict[str, int] | None = None) -> dict[str, Any]:
    """A file with one image, as `inspect --format json` has it."""
    return {
        "path": path,
        "bytes": 1000,
        "sha256": None,
        "format": {"name": "TIFF", "puid": "fmt/353", "edam": None, "mime": "image/tiff", "open": True},
        "tier": "transformed",
        "tier_reason": "an open image format",
        "images": [
            {
                "series": 0,
                "name": name,
                "axes": axes or {"Y": 8, "X": 8},
                "dtype": "uint16",
                "pixel_size_um": {"x": 0.1, "y": 0.1, "z": None},
                "channels": [{"name": name}],
                "instrument": {"objective": name, "numerical_aperture": 1.4},
                "dimensions": "8 rows x 8 columns, 16-bit; pixel 0.1 x 0.1 µm",
            }
        ],
        "image_problem": None,
        "part_of": None,
    }


def step(node: str, answer: str, *, ask: str | None = None, text: str = "seen") -> dict[str, Any]:
    """A step of the decision tree."""
    evidence = [{"basis": "files", "path": None, "line": None, "text": text}]
    return {
        "node": node,
        "question": f"About {node}?",
        "answer": answer,
        "by": "evidence",
        "evidence": evidence,
        "ask": ask,
    }


def deposit_report(word: str = "plain", **extra: Any) -> Report:
    """A report of an inspection in which a word is everywhere that a depositor can put one."""
    finding = Finding(
        rule="privacy.person",
        severity=Severity.WARNING,
        message=f"{word} holds a name.",
        path=word,
        remedy=f"Ask about {word}.",
        detail={"fields": [{"field": word, "kind": "name", "masked": "A***"}]},
        reference=word,
    )
    checks = (
        Check(rule="privacy.person", outcome=Outcome.FAILED),
        Check(rule=word, outcome=Outcome.SKIPPED, reason=word),
    )
    document = {
        "files": [image_file(word, name=word)],
        "left_out": [{"path": word, "reason": word}],
        "sequences": [
            {
                "stem": word,
                "convention": word,
                "confidence": "marker",
                "files": [{"path": f"{word}{z}", "coords": {"Z": z}} for z in (1, 3, 4)],
            }
        ],
        "level": {"reached": "minimum", "missing": {"good-enough": [{"field": word, "message": word, "remedy": word}]}},
        "decision_tree": [*whole_way(word), {"node": "ask-depositor", "open": ["modified"]}],
        "key_questions": [{"number": 1, "text": word, "status": "answered", "answer": word, "note": word}],
        "fair": [{"id": "F1", "principle": word, "test": word, "outcome": "fail", "evidence": word, "remedy": word}],
    }
    return Report(
        command="inspect",
        subject=word,
        checks=checks,
        findings=(finding,),
        summary={"files": 1, "note": word},
        extra={**document, **extra},
    )


def whole_way(text: str = "seen") -> list[dict[str, Any]]:
    """A way through the tree without a detour."""
    return [
        step("proprietary_format", "no", text=text),
        step("multipage", "no"),
        step("embedded_metadata", "yes"),
        step("modified", "unknown", ask="Ask the depositor whether they were, and for a description"),
        step("analysis_submitted", "no"),
    ]
