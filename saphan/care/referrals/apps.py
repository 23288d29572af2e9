from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "saphan.care.referrals"
    label = "care_referrals"

    def ready(self) -> None:
        from saphan.care.referrals import background, desk, policies, procedure, story  # noqa: F401  # each registers what it holds

        desk.register()
        story.register()
        procedure.bring()
