from django.apps import AppConfig


class FollowingConfig(AppConfig):
    name = "saphan.agreements.following"
    label = "following"

    def ready(self) -> None:
        from saphan.agreements import enforcing
        from saphan.agreements.following import chores, desk, policies  # noqa: F401  # register what they hold
        from saphan.agreements.following.suspending import force_changed

        desk.register()
        enforcing.on_change(force_changed)
