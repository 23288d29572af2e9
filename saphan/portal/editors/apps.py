"""The editors' desk in the portal."""

from django.apps import AppConfig


class EditorsConfig(AppConfig):
    """Identity check, translation board, broken links, pages that come and go by the clock."""

    name = "saphan.portal.editors"
    label = "portal_editors"

    def ready(self) -> None:
        from wagtail.signals import copy_for_translation_done, page_published

        from saphan.portal.editors import asking, calendar, checking, letters, making, origins, policies  # noqa: F401  # some only register what they hold
        from saphan.portal.identity import CHECKS
        from saphan.portal.newsletter.readiness import LOOKS
        from saphan.portal.pages import BEFORE_PUBLISH, TRANSLATIONS
        from saphan.portal.rendered.changes import QUIET

        QUIET.update({"portal_editors.passedfinding", "portal_editors.outsidelink"})  # no public page shows them
        BEFORE_PUBLISH.append(checking.stands_in_the_way)
        CHECKS.append(checking.objections_to)
        LOOKS.append(letters.suspicions_in)
        TRANSLATIONS.append(origins.how_made)
        page_published.connect(making.translation_published, dispatch_uid="translations")
        copy_for_translation_done.connect(making.translation_begun, dispatch_uid="translations")
