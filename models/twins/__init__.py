"""Broken twins: what the published text gets wrong, plausible slips, and the audit that all of them fall."""
