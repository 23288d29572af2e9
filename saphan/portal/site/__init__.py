"""Home, standard pages and the frame of the public web resource."""
