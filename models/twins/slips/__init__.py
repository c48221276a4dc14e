"""Plausible slips: rules as one might write them, and nobody has."""
