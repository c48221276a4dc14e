"""Hypothesis drivers: strategies for what is run, and state machines over the stepper."""
