from django.urls import include, path

from saphan.care.persons import file_views, views

reports = [
    path("", views.list_reports, name="list"),
    path("new/", views.new_report, name="new"),
    path("<uuid:report_id>/", views.report_detail, name="detail"),
    path("<uuid:report_id>/read/", views.read_report, name="read"),
    path("<uuid:report_id>/contact/", views.contact, name="contact"),
    path("<uuid:report_id>/open/", views.open_file, name="open"),
    path("<uuid:report_id>/close/", views.close, name="close"),
    path("<uuid:report_id>/print/", views.print_report, name="print"),
]
persons = [
    path("<uuid:person_id>/", file_views.detail, name="detail"),
    path("<uuid:person_id>/why/", file_views.why, name="why"),
    path("<uuid:person_id>/show/", file_views.show_sealed, name="show"),
    path("<uuid:person_id>/edit/", file_views.edit, name="edit"),
]
urlpatterns = [path("", include((reports, "reports"))), path("people/", include((persons, "persons")))]
