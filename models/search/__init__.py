"""Searches: all states of a world, or random walks through it, with every property judged."""
