"""Pictures to know an image by: thumbnails, projections, a merged composite with a scale bar, a movie through depth."""

from confocal_bag.image.preview.content import ChannelPreview, Preview
from confocal_bag.image.preview.files import WrittenPicture, write_previews, write_stack_movie
from confocal_bag.image.preview.maker import PreviewMaker, make_preview, make_previews
from confocal_bag.image.preview.stack import StackFile, preview_stack

__all__ = [
    "ChannelPreview",
    "Preview",
    "PreviewMaker",
    "StackFile",
    "WrittenPicture",
    "make_preview",
    "make_previews",
    "preview_stack",
    "write_previews",
    "write_stack_movie",
]
