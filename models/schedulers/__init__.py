"""Schedulers: who decides what happens next where several things may."""
