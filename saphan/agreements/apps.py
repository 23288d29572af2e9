from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "saphan.agreements"
    label = "agreements"

    def ready(self) -> None:
        from saphan.agreements import enforcing, notices, policies  # noqa: F401  # registers what it holds
        from saphan.agreements.workspace import brackets, policies as _policies  # noqa: F401  # the workspace's own
