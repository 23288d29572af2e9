from django.apps import AppConfig


class FollowingConfig(AppConfig):
    name = "saphan.agreements.following"
    label = "following"

    def ready(self) -> None:
        from saphan.agreements.following import chores, desk, policies  # noqa: F401  # register what they hold

        desk.register()
