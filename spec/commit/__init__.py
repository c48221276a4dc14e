"""Two-phase commit, as the literature specifies it: a worked example over messages that stay."""
