"""What the roles of portal editors mean inside the editors' system."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from saphan.access.models import User
from saphan.access.roles import Role

GROUP_OF = {Role.PORTAL_EDITOR: "Editors", Role.PORTAL_PUBLISHER: "Publishers"}
PAGE_ACTS = {"Editors": ["add_page", "change_page"], "Publishers": ["add_page", "change_page", "publish_page", "lock_page", "unlock_page"]}
FILE_ACTS = ["add_image", "change_image", "choose_image", "add_document", "change_document", "choose_document"]
OTHER_ACTS = {
    "Editors": ["wagtailadmin.access_admin", "simple_translation.submit_translation"],
    "Publishers": [
        "wagtailadmin.access_admin", "simple_translation.submit_translation", "portal_news.add_topic", "portal_news.change_topic",
        "wagtailredirects.add_redirect", "wagtailredirects.change_redirect", "wagtailredirects.delete_redirect",
    ],
}  # fmt: skip


@transaction.atomic
def sync_editor_groups(user: User) -> None:
    """Makes the account's groups in the editors' system follow its roles, which are the only source of rights.

    Costs one query when nothing changed; the door of the editors' system calls it, so an ended role ends there at once.
    """
    wanted = {name for role, name in GROUP_OF.items() if role in user.roles}
    held = set(user.groups.values_list("name", flat=True))
    if wanted != held:
        user.groups.set(Group.objects.filter(name__in=wanted))
        for cached in ("_perm_cache", "_user_perm_cache", "_group_perm_cache"):
            vars(user).pop(cached, None)


@transaction.atomic
def prepare_editor_groups() -> None:
    """Creates the two groups, what they may do, and the review by a second person that every text passes. Repeatable."""
    from wagtail.models import (
        Collection,
        GroupApprovalTask,
        GroupCollectionPermission,
        GroupPagePermission,
        Page,
        Workflow,
        WorkflowPage,
        WorkflowTask,
    )

    Group.objects.filter(name__in=["Moderators"]).delete()
    root = Page.objects.get(depth=1)
    collection = Collection.get_first_root_node()
    for name, acts in PAGE_ACTS.items():
        group, _made = Group.objects.get_or_create(name=name)
        GroupPagePermission.objects.filter(group=group).exclude(page=root, permission__codename__in=acts).delete()
        for codename in acts:
            GroupPagePermission.objects.get_or_create(group=group, page=root, permission=_page_permission(codename))
        for permission in Permission.objects.filter(codename__in=FILE_ACTS):
            GroupCollectionPermission.objects.get_or_create(group=group, collection=collection, permission=permission)
        group.permissions.set([_permission(full) for full in OTHER_ACTS[name]])
    Workflow.objects.filter(name="Moderators approval").delete()
    GroupApprovalTask.objects.filter(name="Moderators approval").delete()
    workflow, _made = Workflow.objects.get_or_create(name="Second person")
    task, _made = GroupApprovalTask.objects.get_or_create(name="Publication by a second person")
    task.groups.set(Group.objects.filter(name="Publishers"))
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": 0})
    WorkflowPage.objects.update_or_create(page=root, defaults={"workflow": workflow})


def _permission(full: str) -> Any:
    app, codename = full.split(".")
    return Permission.objects.get(content_type__app_label=app, codename=codename)


def _page_permission(codename: str) -> Any:
    return Permission.objects.get(content_type__app_label="wagtailcore", content_type__model="page", codename=codename)
