"""The public web resource: knows nothing below the wall."""
