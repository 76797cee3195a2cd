"""The words that file names use: axis markers, units, dyes, kinds of file. Data only, all in lower case."""

__all__ = [
    "ACQUISITION_WORDS",
    "AMBIGUOUS_LETTERS",
    "CELL_LINES",
    "CHANNEL_LETTER_SETS",
    "CHANNEL_WORDS",
    "CONTAINER_EXTENSIONS",
    "DEPTH_UNITS",
    "DETACHED_NUMBER_WORDS",
    "EXCITATION_WORDS",
    "IMAGE_EXTENSIONS",
    "JUNK_NAMES",
    "LASER_LINES",
    "MARKERS",
    "NOT_A_CHANNEL",
    "NUMBERED_CHANNEL_WORDS",
    "ORDERED_AXES",
    "SAMPLE_WORDS",
    "SIDECAR_EXTENSIONS",
    "SPECIMEN_WORDS",
    "TIME_UNITS",
    "UNITS",
    "VERSION_WORDS",
    "WEAK_MARKERS",
]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _axis_of(table: dict[str, str]) -> dict[str, str]:
    return {word: axis for axis, words in table.items() for word in words.split()}


#: Axes whose numbers count something in order: a hole in them is a loss.
ORDERED_AXES = ("Z", "T", "N", "N1", "N2", "N3", "L")

#: Words that name their axis by themselves.
MARKERS = _axis_of(
    {
        "Z": "z zs zstep zplane zslice zpos zlevel slice section sec fp focal focalplane focus plane layer "
        "ebene schicht coupe tranche",
        "T": "t tl tp tm time timepoint tpoint timestep frame zeitpunkt temps",
        "C": "c ch chan channel chn filter w wv wave wavelength kanal canal",
        "P": "pos position xy",
        "M": "tile mosaic chunk",
        "W": "well",
        "X": "col column",
        "Y": "row",
        "R": "cyc cycle round rotation rot",
        "A": "ang angle",
        "V": "view",
        "L": "lambda",
        "N": "n",
    }
)

#: Words that name an axis only in the company of a marker above: alone they may mean a sample, a strain, a gene.
WEAK_MARKERS = _axis_of(
    {
        "P": "s p f site field fld fov scene point region reg",
        "M": "m",
        "L": "l",
        "A": "a",
        "R": "r",
        "X": "x",
        "Y": "y",
    }
)

#: Letters that stand for different things in different laboratories, and what they may stand for.
AMBIGUOUS_LETTERS = {
    "s": "slice, series, scene, site or sample",
    "p": "plane, position, passage or plate",
}

#: Words whose number names a specimen or a repetition, never a plane.
SPECIMEN_WORDS = _words(
    "sp sample specimen exp experiment rep replicate day fish mouse animal embryo larva worm fly plate slide cell "
    "patient donor organoid colony clone batch"
)

#: Words whose number names a sample or an acquisition, so that another number means another sequence.
SAMPLE_WORDS = SPECIMEN_WORDS | _words("series run export image snap stack capture scan")

#: Words behind which a microscope's program writes the number of an acquisition.
ACQUISITION_WORDS = _words("series run image snap capture")

TIME_UNITS = _words("ms msec msecabs s sec secs second seconds min mins minute minutes h hr hrs hour hours")

#: Words whose number tells versions of one thing apart.
VERSION_WORDS = _words("v ver version rev revision")

#: Units in which a stack may state the depth of a plane.
DEPTH_UNITS = _words("nm um µm μm mm micron microns")

#: A number before one of these is a measurement, not an index.
UNITS = (
    TIME_UNITS
    | DEPTH_UNITS
    | _words(
        "cm pm x hpf dpf hpi dpi hpt d day days wk wks week weeks nmol umol "
        "mg ug µg ng kg ml ul µl nl mw uw kv v ma hz khz mhz fps px pix bit bits k c deg pct percent ppm kb mb kd kda"
    )
)

#: Stains, proteins and contrast methods that name a channel.
CHANNEL_WORDS = _words(
    "red green blue yellow magenta cyan uv "
    "dapi hoechst gfp egfp sfgfp yfp eyfp cfp ecfp rfp bfp ebfp tagbfp mcherry cherry tdtomato tomato dsred mruby "
    "mscarlet mkate mkate2 venus mvenus cerulean mturquoise citrine mcitrine mneongreen neongreen mplum "
    "irfp emerald "
    "fitc tritc texasred txred rhodamine cfse bodipy nilered phalloidin actin tubulin wga calcein sytox "
    "draq sir "
    "mitotracker lysotracker propidium gcamp nissl neun gfap dii did dio autofluorescence af "
    "brightfield bright bf "
    "dic phase phasecontrast transmitted trans tpmt reflection shg thg farred nir"
)

#: Words that name a channel together with the number behind them.
NUMBERED_CHANNEL_WORDS = _words("cy alexa af fluor alexafluor atto draq hoechst bodipy dylight cf bf iba")

#: Those of them that may stand apart from their number, and how many digits it then has.
DETACHED_NUMBER_WORDS = {
    **dict.fromkeys(_words("alexa af fluor alexafluor atto dylight cf bodipy"), 3),
    "hoechst": 5,
}

#: Words that name a channel together with a wavelength in nanometres behind them.
EXCITATION_WORDS = _words("ex em exc excitation emission laser")

#: Lasers of confocal microscopes in nanometres: numbers that name channels where all of them are such.
LASER_LINES = _words(
    "405 440 442 445 457 458 473 476 477 488 491 496 514 515 532 543 552 555 559 561 568 580 591 592 594 633 635 637 "
    "638 639 640 642 647 656 660 670 685 730 750 785"
)

#: Words that stand where a channel might, but name something made from the planes.
NOT_A_CHANNEL = _words(
    "max mip min avg sum std mean projection proj overlay merge merged composite rgb montage overview preview thumb "
    "thumbnail final test mask masks label labels seg segmentation raw ground truth stitched fused crop"
)

#: Letters that name channels when they stand alone in the same place of otherwise equal names.
CHANNEL_LETTER_SETS = (
    frozenset("rgb"),
    frozenset("dfr"),
    frozenset("cyr"),
    frozenset("rgbd"),
    frozenset("dfrc"),
)

#: Cell lines and strains whose names look like markers with numbers.
CELL_LINES = ("3T3", "NIH3T3", "4T1", "C2C12", "H9C2", "C57BL6", "T47D", "C3H10T1", "T98G")

JUNK_NAMES = frozenset(
    (
        "thumbs.db",
        ".ds_store",
        "desktop.ini",
        "ehthumbs.db",
        ".spotlight-v100",
        ".trashes",
        ".localized",
        ".apdisk",
        "icon\r",
    )
)

IMAGE_EXTENSIONS = _words(
    "tif tiff btf tf2 tf8 png jpg jpeg jpe bmp gif jp2 j2k jpx jxl jxr webp pgm ppm pbm pnm stk pic ics raw dat bin "
    "stack klb dcm fits fit exr hdr img nrrd mrc"
)

#: Formats that hold a whole acquisition in one file; a lone one beside a sequence is no stray.
CONTAINER_EXTENSIONS = _words(
    "lsm czi zvi lif lof nd2 oib oif vsi ims sld slidebook dv r3d svs ndpi scn mrxs h5 hdf5 zarr n5 xml.gz "
    "flex c01 lei xlef ets bif obf msr"
)

SIDECAR_EXTENSIONS = _words(
    "txt xml json csv tsv md rst log yaml yml pty ids nd roi zip gz tar 7z pdf doc docx xls xlsx ppt pptx html htm "
    "ome companion lut htd mdb db sqlite py m r ijm ipynb nb mat npy npz pkl pzfx avi mp4 mov mkv svg "
    "ico cur eps ai "
    "psd properties cfg conf tfw bak tmp rtf bib sh bat scape idx pattern scanprotocol ptu xmp lifext"
)
