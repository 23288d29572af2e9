"""The Inquiry Corner."""
