"""How microscopes and their software name exported planes: one readable table.

Each row is the end of a file stem as a regular expression. A named group is an axis letter; a group whose name begins
with an underscore repeats what another part says and is ignored; text outside the groups belongs to the name of the
sequence. What stands before the match is read like any other name. A row applies to a folder when nearly all of its
names fit (`LEAST_FIT`), so that a single coincidence decides nothing. Rows are tried in order.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

__all__ = ["CONVENTIONS", "LEAST_FIT", "Convention", "convention_for"]

#: The share of a folder's image names that must follow a convention before it is believed.
LEAST_FIT = 0.8
_SAMPLE = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Convention:
    """One way of naming planes. `extensions` (lower case, with dot) and `file_count` limit it."""

    name: str
    example: str
    ending: re.Pattern[str]
    extensions: tuple[str, ...] = ()
    file_count: tuple[int, int | None] = (1, None)

    def fits(self, stem: str, extension: str) -> bool:
        """Whether one name is written this way."""
        return self.takes(extension) and self.ending.search(stem) is not None

    def takes(self, extension: str) -> bool:
        """Whether the convention is used with this extension."""
        return not self.extensions or extension.lower() in self.extensions


def _row(name: str, example: str, ending: str) -> Convention:
    """A row; `~` in `ending` stands for any one separator, so that names with mixed separators still fit."""
    expression = ending.replace("~", "[-_ .]") + r"\Z"
    return Convention(name=name, example=example, ending=re.compile(expression, re.DOTALL | re.IGNORECASE))


_GUID = r"(?:_?[\[{(]?(?P<_guid>[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})[\]})]?)"
_SEP_START = r"(?:^|(?<=[^0-9A-Za-z]))"

CONVENTIONS = (
    _row(
        "opera-phenix",
        "r01c01f01p01-ch1sk1fk1fl1",
        r"(?P<W>r[0-9]{2}c[0-9]{2})f(?P<P>[0-9]+)p(?P<Z>[0-9]+)-ch(?P<C>[0-9]+)sk(?P<T>[0-9]+)fk[0-9]+fl[0-9]+",
    ),
    _row(
        "incell",
        "A - 01(fld 1 wv UV - DAPI z 3 time 2 - 2636ms)",
        r"(?P<W>[A-P] - [0-9]+)\(fld~(?P<P>[0-9]+)(?:~wv~(?P<C>[^()]*?[^() ]))?(?:~z~(?P<Z>[0-9]+))?"
        r"(?:~time~(?P<T>[0-9]+)(?: - (?P<_ms>[0-9]+)ms)?)?\)",
    ),
    _row(
        "scanr",
        "C5--W00053--P00001--Z00000--T00000--DAPI",
        r"(?P<W>[A-P][0-9]{1,2})--W(?P<_w>[0-9]+)--P(?P<P>[0-9]+)--Z(?P<Z>[0-9]+)--T(?P<T>[0-9]+)--(?P<C>[^/]+)",
    ),
    _row(
        "scanr",
        "--W00001--P00001--Z00000--T00000--nucleus-dapi",
        r"--W(?P<W>[0-9]{5})--P(?P<P>[0-9]+)--Z(?P<Z>[0-9]+)--T(?P<T>[0-9]+)--(?P<C>[^/]+)",
    ),
    _row(
        "cellvoyager",
        "AssayPlate_B02_T0001F004L01A01Z01C01",
        r"~(?P<W>[A-P][0-9]{2})~T(?P<T>[0-9]+)F(?P<P>[0-9]+)L[0-9]+A(?P<_a>[0-9]+)Z(?P<Z>[0-9]+)C(?P<C>[0-9]+)",
    ),
    _row(
        "yokogawa-cq1",
        "W1F001T0001Z01C1",
        _SEP_START + r"W(?P<W>[0-9]+)F(?P<P>[0-9]+)T(?P<T>[0-9]+)Z(?P<Z>[0-9]+)C(?P<C>[0-9]+)",
    ),
    _row(
        "evos",
        "scan_R_p2_z1_0_B03f01d0",
        r"~p[0-9]+(?:~z(?P<Z>[0-9]+))?~[0-9]+~(?P<W>[A-P][0-9]{2})f(?P<P>[0-9]+)d(?P<C>[0-9])",
    ),
    _row(
        "cellomics",
        "020506platerun_A01f01d2",
        r"(?:(?<![A-Za-z])i[0-9]+)?(?:t(?P<T>[0-9]+))?(?P<W>[A-P][0-9]{2})f(?P<P>[0-9]+)d(?P<C>[0-9])",
    ),
    _row(
        "imagexpress",
        "Plate1_A01_s1_w1",
        _SEP_START + r"(?P<W>[A-Pa-p][0-9]{2})(?:~s(?P<P>[0-9]+))?~w(?P<C>[0-9]{1,2})"
        r"(?:~z(?P<Z>[0-9]+))?(?:~t(?P<T>[0-9]+))?" + _GUID + r"?",
    ),
    _row(
        "imagexpress",
        "Plate1_A01_s1",
        _SEP_START + r"(?P<W>[A-Pa-p][0-9]{2})~s(?P<P>[0-9]+)" + _GUID + r"?",
    ),
    _row(
        "metamorph-nd",
        "test_w1DAPI_s269_t1",
        r"~w(?P<C>[0-9]{1,2}[^0-9_][^_]*?)(?:~s(?P<P>[0-9]+))?(?:~t(?P<T>[0-9]+))?",
    ),
    _row(
        "micromanager-2",
        "img_channel000_position000_time000000000_z000",
        r"img~channel(?P<C>[0-9]+)~position(?P<P>[0-9]+)~time(?P<T>[0-9]+)~z(?P<Z>[0-9]+)",
    ),
    _row(
        "micromanager-1.4",
        "img_000000000_DAPI_000",
        _SEP_START + r"img~(?P<T>[0-9]{9})~(?P<C>(?:.*[^0-9_].*)?)~(?P<Z>[0-9]{3,})",
    ),
    _row(
        "bruker-prairie",
        "TSeries-01012020-0001_Cycle00001_Ch1_000001",
        r"~Cycle(?P<T>[0-9]+)~Ch(?P<C>[0-9]+)~(?P<N>[0-9]{6,})",
    ),
    _row(
        "thorlabs",
        "ChanA_001_001_001_001",
        r"Chan(?P<C>[A-D])~[0-9]{3,5}~[0-9]{3,5}~(?P<Z>[0-9]{3,5})~(?P<T>[0-9]{3,6})",
    ),
    _row(
        "lattice-lightsheet",
        "cell4_ch0_stack0000_488nm_0000000msec_0007934731msecAbs",
        r"~ch(?P<C>[0-9]+)(?:~CAM[0-9A-Za-z]+)?~stack(?P<T>[0-9]+)~(?P<_nm>[0-9]+)nm~(?P<_ms>[0-9]+)msec~(?P<_abs>[0-9]+)msecAbs"
        r"(?P<N>[0-9]{4})?(?:~(?P<X>[0-9]+)x~(?P<Y>[0-9]+)y~(?P<Z>[0-9]+)z~(?P<_t>[0-9]+)t)?",
    ),
    _row(
        "acquifer",
        "-B012--PO01--LO002--CO3--SL005--PX32500--PW0080--IN0020--TM281--X014580--Y011262--Z210710--T0000257564--WE00013",
        r"-(?P<W>[A-P][0-9]{3})--PO(?P<P>[0-9]+)--LO(?P<T>[0-9]+)--CO(?P<C>[0-9]+)--SL(?P<Z>[0-9]+)--PX[0-9]+--PW[0-9]+"
        r"--IN(?P<_in>[0-9]+)--TM(?P<_tm>[0-9]+)--X(?P<_x>[0-9]+)--Y(?P<_y>[0-9]+)--Z(?P<_z>[0-9]+)--T(?P<_t>[0-9]+)"
        r"--WE(?P<_we>[0-9]+)",
    ),
    _row(
        "celldiscoverer",
        "Image-03_H(0)_S0000(A1-A1)_T000000_Z0000_C00_M0000_ORG",
        r"~H\([0-9]+\)~S(?P<P>[0-9]+)\((?P<_well>[^()]*)\)~T(?P<T>[0-9]+)~Z(?P<Z>[0-9]+)~C(?P<C>[0-9]+)~M(?P<M>[0-9]+)~ORG",
    ),
    _row(
        "zeiss-oad-tiles",
        "mydata_S00001_T00001_C00001",
        r"~S(?P<P>[0-9]{5,})~T(?P<M>[0-9]{5,})~C(?P<C>[0-9]{5,})",
    ),
    _row(
        "codex-keyence",
        "1_00001_Z001_CH1",
        _SEP_START + r"[0-9]+~(?P<M>[0-9]{5,})~Z(?P<Z>[0-9]{3,})~CH(?P<C>[0-9]+)",
    ),
    _row(
        "simview",
        "SPC00_TM00000_ANG000_CM0_CHN00_PH0",
        r"SPC[0-9]+~TM(?P<T>[0-9]+)~ANG(?P<A>[0-9]+)~CM(?P<V>[0-9]+)~CHN(?P<C>[0-9]+)~PH[0-9]+",
    ),
    _row(
        "trimscope",
        "11-33-57_PMT - PMT [BD2_GREEN] [00]_Time Time0000",
        r"\[(?P<C>[^\[\]]+)\] \[(?P<_c>[0-9]+)\]~Time Time(?P<T>[0-9]+)",
    ),
    _row(
        "slidebook",
        "Capture 1 - Position 2_XY1757012096_Z0_T0_C0",
        r"~XY(?P<_xy>[0-9]{9,})~Z(?P<Z>[0-9]+)~T(?P<T>[0-9]+)~C(?P<C>[0-9]+)",
    ),
    _row(
        "leica-matrix-screener",
        "image--L00--S00--U00--V00--J20--E00--O00--X00--Y00--T00--Z00--C00",
        r"image--L[0-9]+(?:--S[0-9]+)?--U[0-9]+--V[0-9]+--J[0-9]+--E[0-9]+--O[0-9]+--X(?P<X>[0-9]+)--Y(?P<Y>[0-9]+)"
        r"--T(?P<T>[0-9]+)--Z(?P<Z>[0-9]+)--C(?P<C>[0-9]+)",
    ),
    _row(
        "cell-tracking-challenge",
        "man_seg_000_012",
        r"\A(?:man~seg|man~gt)~(?P<T>[0-9]{3,})~(?P<Z>[0-9]{3,})",
    ),
    _row(
        "cell-tracking-challenge",
        "man_track000",
        r"\A(?:man~track|man~seg|mask|t)(?P<T>[0-9]{3,})",
    ),
    _row(
        "tissuemaps",
        "plate_C03_x000_y000_z000_t000",
        r"~(?P<W>[A-P][0-9]{2})~x(?P<X>[0-9]+)~y(?P<Y>[0-9]+)~z(?P<Z>[0-9]+)~t(?P<T>[0-9]+)",
    ),
    replace(_row("biorad-pic", "TAABA1", r"(?P<C>[1-3])"), extensions=(".pic",), file_count=(2, 3)),
    _row(
        "olympus-oif",
        "s_C001Z001T001",
        r"\As~C(?P<C>[0-9]{3,})(?:L(?P<L>[0-9]{3,}))?(?:Z(?P<Z>[0-9]{3,}))?(?:T(?P<T>[0-9]{3,}))?",
    ),
    _row(
        "leica-lasx",
        "Project001_Series002_z00_ch00",
        r"(?:~t(?P<T>[0-9]+))?~z(?P<Z>[0-9]+)(?:~RAW)?~ch(?P<C>[0-9]{2,})(?:~SV)?",
    ),
    _row(
        "leica-lasx",
        "Merged_ch00_SV",
        r"(?:~t(?P<T>[0-9]+))?(?:~RAW)?~ch(?P<C>[0-9]{2})(?:~SV)?",
    ),
    _row(
        "zeiss-zen",
        "18-Stitching_z01c1",
        r"~(?:t(?P<T>[0-9]+))?z(?P<Z>[0-9]+)c(?P<C>[0-9]+)(?:~ORG)?",
    ),
    _row(
        "zeiss-zen",
        "Image Export-04_c1_ORG",
        r"~(?:t(?P<T>[0-9]+))?(?:c(?P<C>[0-9]+))?~ORG",
    ),
    _row(
        "nikon-nis",
        "t0001xy1z01c1",
        r"(?:t(?P<T>[0-9]+))?xy(?P<P>[0-9]+)(?:z(?P<Z>[0-9]+))?(?:c(?P<C>[0-9]+))?",
    ),
    _row(
        "imagej-hyperstack",
        "cropped_t001_z001_c001",
        r"~t(?P<T>[0-9]{3,})~z(?P<Z>[0-9]{3,})~c(?P<C>[0-9]{3,})",
    ),
)


def convention_for(names: Iterable[tuple[str, str]]) -> Convention | None:
    """The first convention that nearly all of the (stem, extension) pairs of one folder follow."""
    every = list(names)
    sample = every[:: max(1, len(every) // _SAMPLE)]
    for convention in CONVENTIONS:
        fewest, most = convention.file_count
        if len(every) < fewest or (most is not None and len(every) > most):
            continue
        if _share(convention, sample) >= LEAST_FIT - 0.2 and _share(convention, every) >= LEAST_FIT:
            return convention
    return None


def _share(convention: Convention, names: list[tuple[str, str]]) -> float:
    return sum(convention.fits(stem, extension) for stem, extension in names) / len(names) if names else 0.0
