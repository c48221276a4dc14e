"""Runs as the Informal Trace Format (ITF) tells them: by their states alone; written, read, and followed again."""
