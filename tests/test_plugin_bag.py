"""A bag packed through a plugin can be judged where the plugin is not installed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from confocal_bag.image import worker
from confocal_bag.image.readers.plugins import find_plugins
from tests.image.fake_plugin import install_plugin, write_fake
from tests.recording import Ran


def test_a_bag_packed_through_a_plugin_is_not_invalid_without_it(tmp_path: Path, run: Callable[..., Ran]) -> None:
    """Nothing is known against the file; that it was not looked at is a warning."""
    with pytest.MonkeyPatch.context() as patch:
        install_plugin(tmp_path / "site", patch)
        (tmp_path / "d").mkdir()
        write_fake(tmp_path / "d" / "a.fake")
        run("build", "--draft", tmp_path / "d", tmp_path / "bag")
        assert (tmp_path / "bag/data/metadata/ome/raw/a.fake.ome.xml").is_file()
        assert len(list((tmp_path / "bag/data/transformed").iterdir())) == 2
        assert run("validate", "--pixels", tmp_path / "bag").code == 0
    find_plugins.cache_clear()
    worker.stop()
    ran = run("validate", "--pixels", tmp_path / "bag")
    assert ran.code == 0
    assert "a.fake was not looked at" in ran.out
