"""Files that lie in a store rather than on this machine: S3, SFTP and what else fsspec reaches; listed, read, sent."""
