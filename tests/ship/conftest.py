"""The S3 server and the bags of the tests of stores, here too."""

from tests.remote.conftest import _server, bag, memory, s3

__all__ = ["_server", "bag", "memory", "s3"]
