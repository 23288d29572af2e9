from importlib import import_module

from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    name = "saphan.releases"
    label = "releases"

    def ready(self) -> None:
        for part in ("policies", "background"):
            import_module(f"{self.name}.{part}")
