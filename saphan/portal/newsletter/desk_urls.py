"""Addresses of the desk, under /desk/newsletter/."""

from django.urls import path

from saphan.portal.newsletter import edition_views, issue_views, subscriber_views

app_name = "newsletter_desk"
urlpatterns = [
    path("", issue_views.issues, name="list"),
    path("draft/", issue_views.draft, name="draft"),
    path("<uuid:issue_id>/", issue_views.issue, name="issue"),
    path("<uuid:issue_id>/progress/", issue_views.progress, name="progress"),
    path("<uuid:issue_id>/letters/", issue_views.letters, name="letters"),
    path("<uuid:issue_id>/again/", issue_views.draft_again, name="draft_again"),
    path("<uuid:issue_id>/ready/", issue_views.finish_writing, name="finish_writing"),
    path("<uuid:issue_id>/reopen/", issue_views.reopen, name="reopen"),
    path("<uuid:issue_id>/schedule/", issue_views.schedule, name="schedule"),
    path("<uuid:issue_id>/pause/", issue_views.pause, name="pause"),
    path("<uuid:issue_id>/resume/", issue_views.resume, name="resume"),
    path("<uuid:issue_id>/cancel/", issue_views.cancel, name="cancel"),
    path("<uuid:issue_id>/withdraw/", issue_views.withdraw, name="withdraw"),
    path("<uuid:issue_id>/retry/", issue_views.retry_now, name="retry_now"),
    path("<uuid:issue_id>/ask-again/", issue_views.ask_again, name="ask_again"),
    path("editions/<uuid:edition_id>/", edition_views.edition, name="edition"),
    path("editions/<uuid:edition_id>/write/", edition_views.write, name="write"),
    path("editions/<uuid:edition_id>/add/", edition_views.add, name="add"),
    path("editions/<uuid:edition_id>/test/", edition_views.test, name="test"),
    path("editions/<uuid:edition_id>/preview/", edition_views.preview, name="preview"),
    path("editions/<uuid:edition_id>/letter/", edition_views.letter, name="letter"),
    path("items/<uuid:item_id>/write/", edition_views.write_item, name="write_item"),
    path("items/<uuid:item_id>/move/", edition_views.move, name="move"),
    path("items/<uuid:item_id>/hide/", edition_views.hide, name="hide"),
    path("items/<uuid:item_id>/show/", edition_views.show, name="show"),
    path("items/<uuid:item_id>/drop/", edition_views.drop, name="drop"),
    path("subscribers/", subscriber_views.overview, name="subscribers"),
    path("subscribers/find/", subscriber_views.find, name="find"),
    path("subscribers/import/", subscriber_views.bring_in, name="import"),
    path("subscribers/exports/", subscriber_views.exports, name="exports"),
    path("subscribers/exports/<uuid:export_id>/approve/", subscriber_views.approve_export, name="approve_export"),
    path("subscribers/exports/<uuid:export_id>/take/", subscriber_views.take_export, name="take_export"),
    path("subscribers/<uuid:subscriber_id>/", subscriber_views.subscriber, name="subscriber"),
    path("subscribers/<uuid:subscriber_id>/erase/", subscriber_views.erase, name="erase"),
]
