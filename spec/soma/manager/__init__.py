"""The transaction manager: certificates wait there until all their inputs are available."""
