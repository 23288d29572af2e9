from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "saphan.care.referrals"
    label = "care_referrals"
