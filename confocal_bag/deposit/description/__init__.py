"""deposit.yaml: what people say of a deposit; its model, its defaults from headers, its gaps, its rules."""
