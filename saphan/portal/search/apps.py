from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "saphan.portal.search"
    label = "portal_search"
