"""The engines as the published text has them, written from it alone: what they do, they do to the letter."""
