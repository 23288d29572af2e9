from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "saphan.agreements"
    label = "agreements"

    def ready(self) -> None:
        from saphan.agreements import desk, enforcing, notices, policies  # noqa: F401  # each registers what it holds
        from saphan.agreements.workspace import registered  # noqa: F401  # the workspace's own

        desk.register()
