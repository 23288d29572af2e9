"""The public pages of the demonstration, as the site's own tests have them."""

from saphan.portal.site.tests.conftest import people, planted, portal

__all__ = ["people", "planted", "portal"]
