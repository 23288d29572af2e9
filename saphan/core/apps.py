from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "saphan.core"
    label = "core"

    def ready(self) -> None:
        from saphan.core import attachments, mail  # noqa: F401  # they register the handlers of their topics
