"""A new bag: staging, journal, resume, manifests, atomic rename."""
