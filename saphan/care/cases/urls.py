from django.urls import path

from saphan.care.cases import acts, lists, views

app_name = "cases"
urlpatterns = [
    path("", lists.list_cases, name="list"),
    path("open/<uuid:person_id>/", acts.open_case, name="open"),
    path("<uuid:case_id>/", views.detail, name="detail"),
    path("<uuid:case_id>/plan/", views.plan, name="plan"),
    path("<uuid:case_id>/timeline/", views.timeline, name="timeline"),
    path("<uuid:case_id>/documents/", views.documents, name="documents"),
    path("<uuid:case_id>/sharing/", views.sharing, name="sharing"),
    path("<uuid:case_id>/audit/", views.audit, name="audit"),
    path("<uuid:case_id>/move/", acts.move, name="move"),
    path("<uuid:case_id>/review/", acts.review, name="review"),
    path("<uuid:case_id>/transfer/", acts.transfer, name="transfer"),
    path("<uuid:case_id>/close/", acts.close, name="close"),
    path("<uuid:case_id>/plan/add/", acts.add_note, name="add_note"),
    path("<uuid:case_id>/plan/read/", acts.read_notes, name="read_notes"),
    path("<uuid:case_id>/documents/add/", acts.add_document, name="add_document"),
    path("<uuid:case_id>/documents/<uuid:document_id>/", acts.open_document, name="open_document"),
    path("<uuid:case_id>/sharing/add/", acts.record_consent, name="record_consent"),
    path("<uuid:case_id>/sharing/<uuid:consent_id>/withdraw/", acts.withdraw_consent, name="withdraw_consent"),
]
