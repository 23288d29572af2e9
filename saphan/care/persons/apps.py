from django.apps import AppConfig


class PersonsConfig(AppConfig):
    name = "saphan.care.persons"
    label = "care_persons"
