"""The public surface: the portal in its languages, and the editors' system."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from saphan.settings.urls_kernel import urlpatterns as kernel

portal = [
    path("", include("saphan.portal.site.urls")),
    path("feeds/", include("saphan.portal.feeds.urls")),
    path("", include("saphan.portal.feeds.map_urls")),
    path("api/v1/", include("saphan.portal.opendata.urls")),
    path("documents/", include("wagtail.documents.urls")),
    path("library/", include("saphan.portal.library.urls")),
    path("cms/", include("saphan.portal.site.cms_urls")),
    path("post/", include("saphan.portal.mailroom.urls")),
    path("desk/newsletter/", include("saphan.portal.newsletter.desk_urls")),
    path("desk/inquiries/", include("saphan.portal.inquiries.desk_urls")),
    path("desk/exchange/", include("saphan.portal.exchange.desk_urls")),
]
in_each_language = i18n_patterns(
    path("search/", include("saphan.portal.search.urls")),
    path("agreements/", include("saphan.portal.agreements.urls")),
    path("services/", include("saphan.portal.places.urls")),
    path("feeds/", include("saphan.portal.feeds.list_urls")),
    path("newsletter/", include("saphan.portal.newsletter.urls")),
    path("inquiries/", include("saphan.portal.inquiries.urls")),
    path("needs/", include("saphan.portal.exchange.urls")),
    path("data/", include("saphan.portal.opendata.documentation")),
    path("", include("wagtail.urls")),
)
home = path("desk/", include("saphan.desk.urls"))
urlpatterns = [*kernel, home, *portal, *in_each_language]
