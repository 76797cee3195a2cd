"""Real files: which of their fields hold personal data is known, and no other field is reported."""

from pathlib import Path

import pytest

from confocal_bag.image.acquisition import describe_acquisition
from confocal_bag.image.open import open_image
from confocal_bag.image.privacy import search_file
from confocal_bag.image.privacy.withhold import PERSONAL, WITHHELD
from confocal_bag.image.sidecar import for_tiff, ome_bytes
from confocal_bag.image.sidecar_check import check_sidecar

_META = "ImageDocument/Metadata"
_USER = f"{_META}/Information/Document/UserName"
_SHOWN = f"{_META}/Information/User/DisplayName"
_TYPED = (f"{_META}/Information/Document/Name", f"{_META}/Information/Document/Title")
_SAVED = tuple(f"{_META}/Experiment/AutoSave/{name}" for name in ("StorageFolder", "SingleFileSaveDestinationFolder"))
_SETUPS = f"{_META}/Experiment/ExperimentBlocks/AcquisitionBlock/HelperSetups"
_PARAMETERS = f"{_META}/HardwareSetting/ParameterCollection"
_TRAIL = f"{_META}/CustomAttributes/AuditTrail/AuditTrail"
_LIF = "LMSDataContainerHeader/Element"
_LEICA = "Children/Element/Data/Image/Attachment/ATLConfocalSettingDefinition"
_LEICA_FIELDS = {
    f"{_LIF}/@UniqueID",
    f"{_LIF}/Data/Experiment/@Path",
    f"{_LIF}/Children/Element/@UniqueID",
    f"{_LIF}/{_LEICA}/@SystemSerialNumber",
    f"{_LIF}/{_LEICA}/BleachPoints/LMSDataContainerHeader/Element/@UniqueID",
}
_CAMERA = "ImageMetadataSeqLV|0/SLxPictureMetadata/sPicturePlanes/sSampleSetting/pCameraSetting"
_COPIED = "OME/StructuredAnnotations/XMLAnnotation/Value"
_LSM = {"ScanInformation/User", "ScanInformation/Name", "Characteristics/CreatedByUser"}

#: Every field of each sample that holds personal data; nothing else may be reported.
EXPECTED: dict[str, set[str]] = {
    "czi/DAPI_GFP.czi": {
        _USER, f"{_TRAIL}/AddChannels/Input", f"{_TRAIL}/AddChannels/Input2", f"{_TRAIL}/ChangePixelType/Input",
    },
    "czi/RGB-8bit.czi": {_USER},
    "czi/S3_1Pos_2Mosaic_T2_Z3_CH2_sm.czi": {
        _USER, *_SAVED, f"{_SETUPS}/AcquisitionModeSetup/Detectors/Detector/ImagePath",
        f"{_SETUPS}/ExperimentRemoteProcessingSetup/OutputFolder", f"{_PARAMETERS}/ImagePath",
        f"{_PARAMETERS}/ImagePath.Default", f"{_META}/HardwareSetting/Configuration/Device/@SystemSerialNumber",
        f"{_TRAIL}/Rescale/Input",
    },
    "czi/s_1_t_1_c_1_z_1.czi": {_USER, *_SAVED},
    "czi/tiles_z.czi": {_USER, _SHOWN, *_TYPED},
    "czi/xyz__multiple_images.czi": {_USER, _SHOWN, *_TYPED},
    "lif/PR2729_frameOrderCombinedScanTypes.lif": _LEICA_FIELDS,
    "lif/xz-example.lif": _LEICA_FIELDS,
    "lsm/jim_test.lsm": _LSM,
    "lsm/phasorpy_38_mixture.lsm": _LSM,
    "nd2/cluster.nd2": {
        f"{_CAMERA}/CameraUserName", "CustomData/GrabberCameraSettingsV1_0/GrabberCameraSettings/CameraUserName",
    },
    "nd2/example-multichannel.nd2": {
        "text_info/description", "text_info/capturing", f"{_CAMERA}/CameraUserName", f"{_CAMERA}/CameraUniqueName",
    },
    "oib/test.oib": {"[File Info] Path", "[File Info] UserName", "[File Info] UserComment"},
    "ome-tiff/s_1_t_1_c_1_z_1.ome.tiff": {
        "OME/Experimenter/@UserName", f"{_COPIED}/{_USER}", *(f"{_COPIED}/{name}" for name in _SAVED),
    },
    "ome-tiff/multiseries.ome.tiff": set(),
    "ome-tiff/ometypes_ome.tiff": set(),
    "tiff/image_3D_calibrated.tif": set(),
    "tiff/xyc_16bit__nuclei_tubulin.tif": set(),
    "tiff/xyz_8bit__chromosomes.tif": set(),
    "seq/bdp2_planes/mouse_Sequence_T0__z001_c001.tif": set(),
    "seq/mitocheck/EMBO_2012_Group3--empty--empty--W0002--P001--T00000--Z000--C.tif": set(),
}  # fmt: skip


@pytest.mark.parametrize("name", EXPECTED)
def test_exactly_the_personal_fields_of_a_real_file_are_found(shared: Path, name: str) -> None:
    """None is missed, and none is a false alarm."""
    search = search_file(shared / "samples" / name)
    assert search.problem is None
    assert {one.where for one in search.fields} == EXPECTED[name]
    assert [one for one in search.fields if one.value in one.masked] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", EXPECTED)
def test_sidecars_and_copies_of_real_files_name_nobody_unless_asked(shared: Path, name: str) -> None:
    """They say which fields they leave out; asked to keep them, they have the values."""
    path = shared / "samples" / name
    known = [one for one in search_file(path, with_bytes=False).fields if len(one.value) > 3]
    with open_image(path) as image:
        plain, asked = describe_acquisition(image), describe_acquisition(image, keep_personal=True)
        documents = [ome_bytes(plain, source_name="a").decode()]
        documents += [for_tiff(plain, one.index, "a.ome.tif") for one in image.series]
        kept = ome_bytes(asked, source_name="a").decode()
        copies = [for_tiff(asked, one.index, "a.ome.tif").encode() for one in image.series]
    for document in documents:
        # The name of a camera's model is what the sidecar is for.
        told = [one.where for one in known if one.value in document and one.value not in ("Nikon A1plus", "Temp")]
        assert told == []
        assert all(one.where in document for one in known)
        assert (WITHHELD in document) is bool(known)
        assert PERSONAL not in document
    assert (PERSONAL in kept) is bool(known)
    assert all(one.value.strip() in kept.replace("&amp;", "&") for one in known)
    assert [problem for copy in copies for problem in check_sidecar(copy)] == []
