"""Questions about the channels."""

from collections.abc import Mapping

from confocal_bag.deposit.curation.wording import Kind, Topic, Wording, asked

__all__ = ["CHANNELS"]

CHANNELS: Mapping[str, Wording] = {
    "channels.probe": asked(
        Topic.CHANNELS,
        "What makes each channel visible: which dye, antibody or fluorescent protein, and which structure does it "
        'show? (For transmitted light write "brightfield", "DIC" or "phase contrast".)',
        "anti-alpha-tubulin (DM1A, RRID:AB_477593) with Alexa Fluor 488, shows microtubules",
        "what each channel shows",
        Kind.PROBE,
    ),
    "channels.name": asked(
        Topic.CHANNELS, "What should each channel be called?", "tubulin", "the names of the channels"
    ),
    "channels.excitation_nm": asked(
        Topic.CHANNELS,
        "With which wavelength was each channel excited, in nanometres?",
        "488",
        "the excitation wavelengths",
        Kind.NUMBER,
    ),
    "channels.emission_nm": asked(
        Topic.CHANNELS,
        "At which wavelength does each channel emit, in nanometres?",
        "520",
        "the emission wavelengths",
        Kind.NUMBER,
    ),
    "channels.probe RRID": asked(
        Topic.CHANNELS,
        "Which RRID (rrid.site) do these antibodies have?",
        "RRID:AB_477593",
        "the RRIDs of the antibodies",
    ),
}
