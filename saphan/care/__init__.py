"""Area 1: the path a person takes."""
