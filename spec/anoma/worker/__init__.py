"""The mempool worker: it orders transactions, spawns their executors and moves the mark."""
