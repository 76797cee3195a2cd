"""Ask roc-validator about an RO-Crate without a network; run by the Python of the peers' environment.

    python crate_driver.py CRATE CACHE

Prints the issues of profile ro-crate-1.1, severity REQUIRED, one per line. The validator fetches the JSON-LD context of
the specification; here it finds it in a cache that is filled from the copy in the rocrate package.
"""

import io
import sys
from pathlib import Path
from typing import Any

import requests
import requests_cache
import rocrate
from requests.adapters import BaseAdapter, HTTPAdapter
from rocrate_validator import services
from rocrate_validator.models import Severity
from urllib3.response import HTTPResponse

CONTEXT = "https://w3id.org/ro/crate/1.1/context"


class Shipped(BaseAdapter):
    """Answers every request with the context that the rocrate package ships."""

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        """The context."""
        content = (Path(rocrate.__file__).parent / "data/ro-crate.jsonld").read_bytes()
        headers = {"Content-Type": "application/ld+json"}
        raw = HTTPResponse(body=io.BytesIO(content), headers=headers, status=200, preload_content=False)
        return HTTPAdapter().build_response(request, raw)

    def close(self) -> None:
        """Nothing is open."""


def main(crate: str, cache: str) -> None:
    """Fill the cache, validate, print."""
    with requests_cache.CachedSession(cache, backend="sqlite", expire_after=-1) as session:
        session.mount("https://w3id.org", Shipped())
        for accepted in ({}, {"Accept": "application/ld+json, application/json;p=0.9, */*;q=0.1"}):
            session.get(CONTEXT, headers=accepted)
    settings = services.ValidationSettings(
        rocrate_uri=crate,
        profile_identifier="ro-crate-1.1",
        requirement_severity=Severity.REQUIRED,
        offline=True,
        cache_path=cache,
        skip_availability_check=True,
    )
    for issue in services.validate(settings).get_issues():
        print(f"{issue.check.identifier}: {issue.message}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
