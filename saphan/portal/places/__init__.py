"""Country, province and topic pages, and the public services in them."""
