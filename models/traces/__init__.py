"""Traces: runs as people read them, step by step, with what changed."""
