from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "saphan.portal.site"
    label = "portal_site"
