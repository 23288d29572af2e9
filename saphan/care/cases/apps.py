from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "saphan.care.cases"
    label = "care_cases"
