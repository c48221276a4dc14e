"""A pool of executors: no more than a fixed number of transactions are executed at a time."""
