from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "saphan.care.cases"
    label = "care_cases"

    def ready(self) -> None:
        from saphan.care.cases import desk, policies, services, sources  # noqa: F401  # each registers what it holds

        desk.register()
