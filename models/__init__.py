"""Closed systems and the ways to run them."""
