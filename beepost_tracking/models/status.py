"""Canonical codes as choices on screen: labels for people, codes for the fold."""

STATUS = [
    ("to_send", "To send"),
    ("received", "Received"),
    ("producing", "In production"),
    ("posted", "Handed to La Poste"),
    ("in_transit", "On its way"),
    ("out_for_delivery", "Out for delivery"),
    ("awaiting_pickup", "Waiting at the post office"),
    ("delivered", "Delivered"),
    ("undeliverable", "Undeliverable"),
    ("returning", "Coming back"),
    ("returned", "Returned"),
    ("rejected", "Refused before printing"),
    ("cancelled", "Cancelled"),
    ("exception", "Trouble"),
    ("unknown", "In doubt"),
]
MEANING = [
    *STATUS[1:14],
    ("proof", "A proof is there"),
    ("none", "Nothing moves"),
]
REASON = [
    ("npai", "NPAI: unknown at this address"),
    ("address_defect", "Faulty address"),
    ("access_defect", "No access to the letter box"),
    ("unclaimed", "Not claimed"),
    ("refused", "Refused by the addressee"),
    ("deceased", "Addressee deceased"),
    ("damaged", "Damaged"),
    ("other", "Other reason"),
]
SOURCE = [("beepost", "BeePOST"), ("laposte", "La Poste")]
