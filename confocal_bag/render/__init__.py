"""Reports as text, HTML and machine formats."""
