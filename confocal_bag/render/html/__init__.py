"""Reports as one page that needs nothing else: no network, no script, no further file."""

from confocal_bag.render.html.document import as_html

__all__ = ["as_html"]
