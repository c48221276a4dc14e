"""Searching one state of each that differ only in who is who, where a model declares what is interchangeable."""
