"""Stores: one data set, each in its own shape."""
