"""Scenario files: what they say, and the systems they describe."""
