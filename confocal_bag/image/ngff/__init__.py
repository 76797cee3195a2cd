"""OME-Zarr (NGFF 0.1 to 0.5): what its JSON files say, read without a Zarr library and without following a link."""
