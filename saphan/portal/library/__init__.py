"""Documents that anybody may read: laws, guides, reports, with their full text to be searched."""
