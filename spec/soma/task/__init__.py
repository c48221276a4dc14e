"""The task: it lives for one attempt to execute one certificate."""
