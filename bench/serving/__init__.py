"""The parts of `saphan bench portal`: a client that asks, what it asks, and what is measured inside a process."""
