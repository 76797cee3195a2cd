"""The packet headers of a JPEG 2000 codestream: passes and lengths of code-blocks, bit by bit (ITU T.800 B.10)."""

from dataclasses import dataclass, field

from confocal_bag.image.lossy.jpeg2000_layout import Band, CodeBlock

__all__ = ["BandState", "Bits", "Undecided", "read_packet"]


class Undecided(Exception):  # noqa: N818 - an outcome, not an error
    """The codestream cannot be followed to its end; the sentence says why."""


class Bits:
    """The bits of packet headers: after a byte FF, the next one has seven (B.10.1)."""

    def __init__(self, data: bytearray) -> None:
        self.data = data
        self.at = 0
        self._left = 0
        self._byte = 0

    def bit(self) -> int:
        """The next bit."""
        if not self._left:
            self._left = 7 if self._byte == 0xFF else 8
            self._byte = self.data[self.at]
            self.at += 1
        self._left -= 1
        return self._byte >> self._left & 1

    def take(self, count: int) -> int:
        """The next `count` bits as a number."""
        value = 0
        for _ in range(count):
            value = value << 1 | self.bit()
        return value

    def end(self) -> None:
        """Go on to the next byte, over the one stuffed after FF."""
        if self._byte == 0xFF:
            self.at += 1
        self._left = self._byte = 0

    def skip_marker(self, marker: bytes, length: int) -> None:
        """Go over an optional marker segment."""
        if self.data[self.at : self.at + 2] == marker:
            self.at += length


@dataclass(slots=True)
class _TagTree:
    """A tag tree (B.10.2): the smallest values of ever larger groups of code-blocks, told bit by bit."""

    across: int
    down: int
    sizes: list[tuple[int, int]] = field(default_factory=list)
    values: list[list[int]] = field(default_factory=list)
    known: list[list[bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        across, down = self.across, self.down
        while across and down:
            self.sizes.append((across, down))
            self.values.append([0] * (across * down))
            self.known.append([False] * (across * down))
            if across == down == 1:
                break
            across, down = (across + 1) // 2, (down + 1) // 2

    def is_below(self, bits: Bits, number: int, limit: int) -> bool:
        """Whether the value of a leaf is known to be below `limit`, after reading what that takes."""
        row, column = divmod(number, self.across)
        low = 0
        for level in reversed(range(len(self.sizes))):
            at = (row >> level) * self.sizes[level][0] + (column >> level)
            values, known = self.values[level], self.known[level]
            values[at] = max(values[at], low)
            while not known[at] and values[at] < limit:
                if bits.bit():
                    known[at] = True
                else:
                    values[at] += 1
            low = values[at]
        return self.known[0][number] and self.values[0][number] < limit


class BandState:
    """A band with its two tag trees."""

    def __init__(self, band: Band) -> None:
        self.band = band
        self.inclusion = _TagTree(band.across, band.down)
        self.zero_planes = _TagTree(band.across, band.down)


def read_packet(bits: Bits, states: list[BandState], layer: int, *, each_pass_ends: bool) -> None:
    """Read one packet: what it adds to the code-blocks of a precinct in `layer`; the bytes themselves are skipped."""
    bits.skip_marker(b"\xff\x91", 6)
    length = 0
    if bits.bit():
        for state in states:
            for number, block in enumerate(state.band.blocks):
                if _is_included(bits, state, number, block, layer):
                    length += _read_contribution(bits, block, each_pass_ends=each_pass_ends)
    bits.end()
    bits.skip_marker(b"\xff\x92", 2)
    bits.at += length
    if bits.at > len(bits.data):
        raise Undecided("the codestream ends early")


def _is_included(bits: Bits, state: BandState, number: int, block: CodeBlock, layer: int) -> bool:
    if block.zero_planes >= 0:
        return bool(bits.bit())
    if not state.inclusion.is_below(bits, number, layer + 1):
        return False
    limit = 1
    while not state.zero_planes.is_below(bits, number, limit):
        limit += 1
    block.zero_planes = limit - 1
    return True


def _read_contribution(bits: Bits, block: CodeBlock, *, each_pass_ends: bool) -> int:
    """The bytes that a packet adds to a code-block."""
    passes = _passes(bits)
    while bits.bit():
        block.length_bits += 1
    block.passes += passes
    if each_pass_ends:
        return sum(bits.take(block.length_bits) for _ in range(passes))
    return bits.take(block.length_bits + passes.bit_length() - 1)


def _passes(bits: Bits) -> int:
    """The number of coding passes (Table B.4)."""
    if not bits.bit():
        return 1
    if not bits.bit():
        return 2
    for width, least in ((2, 3), (5, 6), (7, 37)):
        value = bits.take(width)
        if value < (1 << width) - 1 or width == 7:
            return least + value
    raise AssertionError
