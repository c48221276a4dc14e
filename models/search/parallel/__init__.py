"""The exhaustive search shared by several processes: one decides, others look things up for it."""
