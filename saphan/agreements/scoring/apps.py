from django.apps import AppConfig


class ScoringConfig(AppConfig):
    name = "saphan.agreements.scoring"
    label = "agreements_scoring"

    def ready(self) -> None:
        from saphan.agreements.scoring import chores, desk, policies  # noqa: F401  # register what they hold

        desk.register()
