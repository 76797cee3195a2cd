"""Everything that the practice levels ask for.

The level of each need is that of its fields in `FIELD_HELP`, from which the comments of a draft are made too, or that
of its part in `PARTS`.
"""

from confocal_bag.deposit.levels.channels import CHANNEL_NEEDS, UNREAD_NEEDS
from confocal_bag.deposit.levels.dataset import DATASET_NEEDS
from confocal_bag.deposit.levels.images import IMAGE_NEEDS
from confocal_bag.deposit.levels.samples import SAMPLE_NEEDS
from confocal_bag.deposit.levels.view import Need

__all__ = ["NEEDS"]

NEEDS: tuple[Need, ...] = (*DATASET_NEEDS, *SAMPLE_NEEDS, *IMAGE_NEEDS, *CHANNEL_NEEDS, *UNREAD_NEEDS)
