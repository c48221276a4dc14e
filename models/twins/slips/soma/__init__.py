"""Slips of Soma's engines."""
