"""The planted pages of the portal, for the tests of the figures."""

from saphan.portal.site.tests.conftest import people, planted, portal  # noqa: F401
