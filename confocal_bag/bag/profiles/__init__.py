"""BagIt Profiles 1.1 to 1.4 as checks, and those of DART and Bagger."""
