"""Numbers as they are given on the command line."""

import argparse

_MEGABYTE = 1 << 20


def positive(text: str) -> int:
    """Read an integer from 1 on."""
    number = natural(text) if text.isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected an integer from 1 on, not {text!r}")
    return number


def natural(text: str) -> int:
    """Read an integer from 0 on."""
    if not (text.isdecimal() and text.isascii()):
        raise argparse.ArgumentTypeError(f"expected an integer from 0 on, not {text!r}")
    return int(text)


def megabytes(text: str) -> int:
    """Read a number of megabytes; the answer is in bytes."""
    return positive(text) * _MEGABYTE


def seconds(text: str) -> float:
    """Read a number of seconds, more than 0."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"expected a number of seconds, not {text!r}")
    return number
