"""The engine formalism: identities, messages, rules, families, delivery, and the global step."""
