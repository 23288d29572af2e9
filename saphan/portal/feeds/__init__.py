"""What is new, for programs that read: RSS 2.0, Atom, JSON Feed, and the sitemap."""
