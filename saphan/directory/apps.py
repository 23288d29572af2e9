from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "saphan.directory"
    label = "directory"
