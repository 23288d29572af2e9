from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "saphan.desk"
    label = "desk"
