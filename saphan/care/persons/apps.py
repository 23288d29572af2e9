from django.apps import AppConfig


class PersonsConfig(AppConfig):
    name = "saphan.care.persons"
    label = "care_persons"

    def ready(self) -> None:
        from saphan.care.persons import desk, inward, policies  # noqa: F401  # each registers what it holds

        desk.register()
