from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    name = "saphan.releases"
    label = "releases"
