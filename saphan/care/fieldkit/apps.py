from django.apps import AppConfig


class FieldkitConfig(AppConfig):
    name = "saphan.care.fieldkit"
    label = "care_fieldkit"

    def ready(self) -> None:
        from saphan.care.fieldkit import desk, devices, policies, site_facts  # noqa: F401  # registers the rules and the chore
        from saphan.care.screening.known import OFFERS

        desk.register()
        OFFERS["site visit"] = site_facts.offer
