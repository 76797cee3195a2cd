"""The primer as a way of working: its decision tree and key questions answered, asked of the depositor, recorded."""
