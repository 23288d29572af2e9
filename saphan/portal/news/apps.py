from django.apps import AppConfig


class NewsConfig(AppConfig):
    name = "saphan.portal.news"
    label = "portal_news"
