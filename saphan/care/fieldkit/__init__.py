"""The offline field kit: devices that may hold interviews without a network, what they send, and visits to a site with many people."""
