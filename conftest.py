"""The same people in every test."""

pytest_plugins = ["tests.people"]
