"""Instruments, interviews, results with reasons, and the team that decides."""
