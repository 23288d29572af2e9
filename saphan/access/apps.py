from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "saphan.access"
    label = "access"
