"""The allowed values of options. Errors are reported before anything is set up."""

import argparse
import math
import re


def port(text):
    """A port to listen on, 0 for any free one."""
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f'{text} is no port: take one between 1024 and 65535, or 0 for any free one')
    return int(text)


def count(text):
    """A whole number, 0 included."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f'{text} is no whole number, 0 or more')
    return int(text)


def count_from_one(text):
    """A whole number above 0."""
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f'{text} is no whole number, 1 or more')
    return int(text)


def seconds(text):
    """A time above 0, and finite."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError(f'{text} is no number of seconds above 0')
    return number


def database(text):
    """The name of a database. A folder with the same name is deleted along with it."""
    if not re.fullmatch(r'[A-Za-z0-9][A-Za-z0-9_.-]{1,62}', text, re.ASCII):
        raise argparse.ArgumentTypeError(
            f"'{text}' is no name for a database: take 2 to 63 letters, digits and _ . -, a letter or digit first",
        )
    return text
