"""What the published text gets wrong: each defect alone, in a system that is right otherwise."""
