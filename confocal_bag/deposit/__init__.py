"""What came in, and what people say of it."""
