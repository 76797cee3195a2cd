"""A bag sent to another place, and proven to have arrived."""

from confocal_bag.ship.form import Form
from confocal_bag.ship.order import Order
from confocal_bag.ship.receipt import Receipt, Shipped, receipt_document, receipt_lines, receipt_text, receipt_warnings
from confocal_bag.ship.ship import Shipment, ship_bag

__all__ = [
    "Form",
    "Order",
    "Receipt",
    "Shipment",
    "Shipped",
    "receipt_document",
    "receipt_lines",
    "receipt_text",
    "receipt_warnings",
    "ship_bag",
]
