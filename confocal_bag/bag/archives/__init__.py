"""A bag in one file: zip and tar, read as a stream, written reproducibly, unpacked safely."""
