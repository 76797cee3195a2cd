"""Many builds on a cluster, and clusters that ask for certificates."""

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from confocal_bag import workers
from confocal_bag.batch import results_of
from confocal_bag.findings import CannotFinish
from confocal_bag.workers import cluster
from tests import make
from tests.bag.bags import make_bag
from tests.cluster.certificates import make_certificate

if TYPE_CHECKING:
    from tests.recording import Ran

distributed = pytest.importorskip("distributed", reason="Dask's distributed is not installed")
pytest.importorskip("cryptography", reason="certificates are made with cryptography, which is not installed")

pytestmark = [
    pytest.mark.slow,
    # Dask leaves sockets of its own to the garbage collector when a connection is refused.
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def test_a_batch_is_built_on_the_cluster(tmp_path: Path, run: "Callable[..., Ran]") -> None:
    """One bag a task, byte for byte those that are built here; a row that fails keeps no other from being built."""
    for name in ("first", "second"):
        make.small_deposit(tmp_path / name)
    tables = {}
    for where in ("here", "there"):
        tables[where] = tmp_path / f"{where}.csv"
        tables[where].write_text(f"deposit,bag\nfirst,{where}/a\nnothing,{where}/b\nsecond,{where}/c\n")
    options = (
        "--draft",
        "--date",
        "2026-01-31",
        "--override-privacy",
        "the names in these samples are published",
        "--format",
        "json",
    )
    here = run("build", "--batch", tables["here"], *options)
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", host="127.0.0.1", silence_logs=50
    ) as running:
        there = run("build", "--batch", tables["there"], *options, "--scheduler", running.scheduler_address)
    assert there.code == here.code == 3, there.err
    with results_of(tables["there"]).with_suffix(".csv").open(encoding="utf-8-sig", newline="") as stream:
        assert [row["outcome"] for row in csv.DictReader(stream)] == ["built", "failed", "built"]
    assert [one["verdict"] for one in json.loads(there.out)] == [one["verdict"] for one in json.loads(here.out)]
    for bag in ("a", "c"):
        seen = {name: entry[0] for name, entry in make.snapshot(tmp_path / "there" / bag).items()}
        assert seen == {name: entry[0] for name, entry in make.snapshot(tmp_path / "here" / bag).items()}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The certificate of the cluster below."""
    return make_certificate(tmp_path_factory.mktemp("tls") / "cluster")


@pytest.fixture(scope="module")
def guarded(certificate: dict[str, str]) -> Iterator[Any]:
    """A cluster that speaks to nobody without a certificate."""
    security = distributed.Security(require_encryption=True, **certificate)
    with distributed.LocalCluster(
        n_workers=1,
        threads_per_worker=1,
        processes=True,
        dashboard_address=":0",
        host="tls://127.0.0.1",
        security=security,
        silence_logs=50,
    ) as running:
        yield running


def configured(certificate: dict[str, str]) -> Any:
    """Dask's own configuration, as a file in ~/.config/dask would make it."""
    import dask

    place = "distributed.comm.tls"
    return dask.config.set(
        {
            f"{place}.ca-file": certificate["tls_ca_file"],
            f"{place}.client.cert": certificate["tls_client_cert"],
            f"{place}.client.key": certificate["tls_client_key"],
        }
    )


def test_a_cluster_with_certificates_does_the_work(
    guarded: Any, certificate: dict[str, str], tmp_path: Path, run: "Callable[..., Ran]"
) -> None:
    """Those that Dask's configuration names."""
    bags = [make_bag(tmp_path / name, payload={"data/a": name.encode()}) for name in ("one", "two")]
    assert guarded.scheduler_address.startswith("tls://")
    with configured(certificate):
        there = run("validate", *bags, "--format", "json", "--scheduler", guarded.scheduler_address)
    assert there.code == 0, there.err
    here = json.loads(run("validate", *bags, "--format", "json").out)
    assert [{**one, "made": None} for one in json.loads(there.out)] == [{**one, "made": None} for one in here]


def test_without_certificates_the_sentence_says_where_to_name_them(guarded: Any) -> None:
    """None at all is no bug of the program."""
    with (
        pytest.raises(CannotFinish, match=r"wants certificates.*distributed\.comm\.tls"),
        cluster(guarded.scheduler_address),
    ):
        pass


def test_a_stranger_is_not_let_in(
    guarded: Any, certificate: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A certificate that nobody signed whom the cluster trusts."""
    monkeypatch.setattr(workers, "_CONNECT_S", 3)
    stranger = {**make_certificate(tmp_path / "stranger"), "tls_ca_file": certificate["tls_ca_file"]}
    with (
        configured(stranger),
        pytest.raises(CannotFinish, match="cannot be reached"),
        cluster(guarded.scheduler_address),
    ):
        pass
