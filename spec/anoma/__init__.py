"""Anoma's client, mempool worker, shard, executor and pool engines."""
