from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "saphan.care.screening"
    label = "care_screening"
