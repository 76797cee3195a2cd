"""The Methods paragraph of an acquisition, as a journal prints it: whole sentences, from recorded facts alone."""

import re
from collections.abc import Iterator

from confocal_bag.deposit.exports.dimensions import prose_number
from confocal_bag.deposit.exports.method_model import MethodFacts
from confocal_bag.deposit.exports.methods_channels import MOST_CHANNELS, channel_sentences, shared_pinhole
from confocal_bag.deposit.exports.sentence_words import (
    amount,
    article,
    direction_in_words,
    in_brackets,
    is_none,
    is_not_done,
    listed,
    pinhole_size,
    unit_in_words,
    word,
)
from confocal_bag.image.record import is_file_writer

__all__ = ["NOTHING", "method_sections", "methods_paragraph"]

#: What is said of an acquisition of which nothing is recorded.
NOTHING = "Neither the description nor the image headers record how these images were acquired."

#: Methods and detectors of cameras, which take a whole plane at once; and methods that scan it.
_CAMERA = re.compile(r"spinning|spin disc|wide-?\s?field|light[- ]?sheet|swept|camera|ccd|cmos|tirf|epifluor", re.I)
_SCANNING = re.compile(r"scanning|single-spot|point|laser.*confocal|multi-?photon|two-?photon|\bclsm\b", re.I)
_TIMES = "\N{MULTIPLICATION SIGN}"
_NO_IMMERSION = frozenset({"air", "dry", "none"})
_MOST_TWO_VALUES = 8
_UNKNOWN_WORDS = frozenset({"other", "unknown", "undefined"})


def methods_paragraph(facts: MethodFacts) -> str:
    """Sentences about the sample, the microscope, its settings and each channel, in one line of text."""
    return " ".join(method_sections(facts)) or NOTHING


def method_sections(facts: MethodFacts) -> tuple[str, ...]:
    """The parts of the paragraph, each of whole sentences that can be understood without those before it."""
    found = [
        _sample(facts),
        _shown(facts),
        _microscope(facts),
        _conditions(facts),
        _counts(facts),
        _steps(facts),
        _scan(facts),
        _pinhole(facts),
        *([sentence] for sentence in channel_sentences(facts)),
        _processed(facts),
        _two_values(facts),
    ]
    texts = (" ".join(sentences) for sentences in found)
    return tuple(text for text in texts if text)


def _sample(facts: MethodFacts) -> Iterator[str]:
    organism, material = word(facts.organism), word(facts.material)
    details = [text for text in map(word, facts.sample) if text]
    subject = organism or material
    if subject:
        yield f"The specimen {'came from' if organism else 'was'} {subject}{in_brackets(', '.join(details))}."
    elif details:
        yield f"The specimen was described as {', '.join(details)}."
    prepared = list(_preparation(facts))
    if prepared:
        yield f"{'It' if subject or details else 'The specimen'} was {listed(prepared)}."


def _preparation(facts: MethodFacts) -> Iterator[str]:
    fixation, cut, medium, glass = map(word, (facts.fixation, facts.sectioning, facts.medium, facts.coverslip))
    if facts.live:
        yield "imaged alive"
    if fixation and is_not_done(fixation):
        yield "not fixed"
    elif fixation:
        yield f"fixed ({fixation})"
    if cut:
        yield "not sectioned" if is_not_done(cut) else f"sectioned ({cut})"
    if medium:
        yield f"mounted in {medium}" + (f" under a coverslip ({glass})" if glass else "")
    elif glass:
        yield f"mounted under a coverslip ({glass})"


def _shown(facts: MethodFacts) -> Iterator[str]:
    shown = [
        f"{target}{in_brackets(label if label != target else None)}"
        for one in facts.channels[:MOST_CHANNELS]
        if (target := word(one.target))
        for label in [word(one.label)]
    ]
    if shown:
        yield f"The {'channels show' if len(shown) > 1 else 'channel shows'}: {listed(shown)}."


def _microscope(facts: MethodFacts) -> Iterator[str]:
    scope, lens, facility = word(facts.microscope), _objective(facts), word(facts.facility)
    method, program = word(facts.method), word(facts.software)
    only_writes = program is not None and is_file_writer(program)
    parts = [
        f"by {_technique(method)}" if method else None,
        f"on {article(scope)}" if scope else None,
        f"with {lens}" if lens else None,
        f"at {facility}" if facility else None,
        f"using {program}" if program and not only_writes else None,
    ]
    told = [part for part in parts if part]
    if told:
        yield f"Images were acquired {' '.join(told)}."
    if program and only_writes:
        yield f"The files were written by {program}."


def _technique(name: str) -> str:
    return name if re.search(r"(scopy|imaging)$", name) else f"{name} microscopy"


def _objective(facts: MethodFacts) -> str | None:
    """The objective, and of its figures those that its name does not have already."""
    name = word(facts.objective)
    plain = (name or "").casefold()
    size = prose_number(facts.magnification) if facts.magnification else None
    aperture = prose_number(facts.numerical_aperture) if facts.numerical_aperture else None
    details = [
        f"{size}x" if size and not re.search(rf"(?<![\d.]){re.escape(size)}(?:\.0+)?\s*x", plain) else None,
        f"numerical aperture {aperture}" if aperture and not _names(plain, facts.numerical_aperture) else None,
        _immersion(facts.immersion, plain),
    ]
    told = ", ".join(part for part in details if part)
    if name:
        lens = name if "objective" in plain else f"{name} objective"
        return article(lens) + in_brackets(told)
    if not size and not aperture and told:
        return f"an objective {told}" if told.startswith("without") else f"an objective for {told}"
    return f"an objective of {told}" if told else None


def _names(name: str, aperture: float | None) -> bool:
    """Whether a number in the name of an objective is its aperture: 63x/1.40."""
    return any(float(one) == aperture for one in re.findall(r"\d+\.\d+", name))


def _immersion(medium: str | None, name: str) -> str | None:
    told = (word(medium) or "").casefold()
    if not told or told in _UNKNOWN_WORDS or re.search(rf"\b{re.escape(told[:4])}", name):
        return None
    return "without immersion" if told in _NO_IMMERSION else f"{told} immersion"


def _counts(facts: MethodFacts) -> Iterator[str]:
    depth = " (x by z)" if facts.is_xz else ""
    sizes = [
        f"{facts.frame[0]} {_TIMES} {facts.frame[1]} pixels{depth}" if facts.frame else None,
        f"{facts.z_planes} z-planes" if facts.z_planes else None,
        f"{facts.time_points} time points" if facts.time_points else None,
    ]
    has = listed([part for part in sizes if part])
    bits = f"{facts.bits} bits per {'sample' if facts.is_colour else 'pixel'}" if facts.bits else None
    if bits and facts.significant_bits and facts.significant_bits < (facts.bits or 0):
        bits += f" ({facts.significant_bits} of them significant)"
    if has or bits:
        yield f"Each image has {has or bits}{f', with {bits}' if has and bits else ''}."


def _steps(facts: MethodFacts) -> Iterator[str]:
    steps = [
        f"the pixel size was {size}" if (size := _pixel(facts)) else None,
        f"the z step was {step}" if (step := amount(facts.z_step_um, "µm")) else None,
        f"the time step was {step}" if (step := amount(facts.time_step_s, "s")) else None,
    ]
    told = [part for part in steps if part]
    if told:
        sentence = listed(told)
        yield f"{sentence[0].upper()}{sentence[1:]}."


def _pixel(facts: MethodFacts) -> str | None:
    x, y = facts.pixel_x_um, facts.pixel_y_um
    if x is not None and y is not None:
        return f"{prose_number(x)} µm {_TIMES} {prose_number(y)} µm"
    return amount(x, "µm in width") if x is not None else amount(y, "µm in height")


def _conditions(facts: MethodFacts) -> Iterator[str]:
    """What living samples were kept at, and how the focus was held."""
    kept = [text for text in map(word, facts.environment) if text]
    focus = word(facts.focus)
    if kept:
        yield f"During imaging the specimen was kept at {listed(kept)}."
    if focus:
        yield f"The focus was stabilised ({focus})."


def _scan(facts: MethodFacts) -> Iterator[str]:
    """How the sample was scanned; of a camera, and where nobody knows, the settings without that word."""
    zoom = prose_number(facts.zoom) if facts.zoom is not None else None
    dwell = f"a pixel dwell time of {time}" if (time := amount(facts.dwell_us, "µs")) else None
    direction = direction_in_words(facts.direction)
    settings = listed([part for part in (dwell, _averaging(facts)) if part])
    if is_scanned(facts):
        parts = [direction, f"at zoom {zoom}" if zoom else None, f"with {settings}" if settings else None]
        known = [part for part in parts if part]
        if known:
            yield f"The sample was scanned {' '.join(known)}."
        return
    if zoom:
        yield f"The zoom was {zoom}."
    if settings:
        yield f"The images were taken with {settings}."


def is_scanned(facts: MethodFacts) -> bool:
    """Whether a beam was moved over the sample, as the method or a setting that only scanners have says."""
    method = word(facts.method) or ""
    detectors = [" ".join(filter(None, (one.detector_type, one.detector))) for one in facts.channels]
    if any(map(_CAMERA.search, (method, *detectors))):
        return False
    return bool(_SCANNING.search(method) or facts.direction or facts.dwell_us is not None)


def _averaging(facts: MethodFacts) -> str | None:
    unit, note = unit_in_words(facts.averaging_unit), word(facts.averaging_note)
    if facts.averaging == 1 or (facts.averaging is None and is_none(note)):
        return "no averaging"
    if facts.averaging is None:
        return f"averaging ({note})" if note else None
    return f"{prose_number(facts.averaging)}-fold {f'{unit} ' if unit else ''}averaging"


def _processed(facts: MethodFacts) -> Iterator[str]:
    """What the headers record that the microscope's software computed."""
    told = word(facts.processing)
    if told:
        yield f"The image headers record {told}."


def _two_values(facts: MethodFacts) -> Iterator[str]:
    """What the description and the headers disagree on: both values, so that nobody quotes one of them for certain."""
    yield from (one.sentence(of=facts.files) for one in facts.two_values[:_MOST_TWO_VALUES])
    more = len(facts.two_values) - _MOST_TWO_VALUES
    if more > 0:
        yield f"They differ in {more} more {'value' if more == 1 else 'values'}; see data/metadata/findings.json."


def _pinhole(facts: MethodFacts) -> Iterator[str]:
    told = pinhole_size(*shared_pinhole(facts))
    if told:
        yield f"The pinhole was set to {told}."
