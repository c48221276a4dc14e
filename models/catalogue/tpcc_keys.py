"""The keys of the TPC-C model: one per column of a row."""

WAREHOUSE_YTD = "warehouse.ytd"
"""What has been paid in the warehouse."""


def district_ytd(district: int) -> str:
    """What has been paid in a district."""
    return f"district.{district}.ytd"


def next_order(district: int) -> str:
    """The number of a district's next order, from 1."""
    return f"district.{district}.next"


def balance(district: int, customer: int) -> str:
    """What a customer owes; negative after a payment."""
    return f"customer.{district}.{customer}.balance"


def paid(district: int, customer: int) -> str:
    """What a customer has paid."""
    return f"customer.{district}.{customer}.paid"


def price(item: int) -> str:
    """The price of an item; 0 where nobody sells it."""
    return f"item.{item}.price"


def stock(item: int) -> str:
    """How many of an item are in stock."""
    return f"item.{item}.stock"


def order(district: int, number: int) -> str:
    """How many lines an order has; 0 where there is none."""
    return f"order.{district}.{number}"


def line(district: int, number: int, place: int) -> str:
    """What an order's line comes to; 0 where there is none."""
    return f"line.{district}.{number}.{place}"
