"""Clients: they ask for transactions and hear of their end."""
