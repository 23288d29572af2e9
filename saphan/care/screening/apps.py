from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "saphan.care.screening"
    label = "care_screening"

    def ready(self) -> None:
        from saphan.care.screening import desk, policies, procedure  # noqa: F401  # registers the rules

        desk.register()
        procedure.bring()
