"""Soma's engines: certificates wait for object versions, and run as so many tasks at a time."""
