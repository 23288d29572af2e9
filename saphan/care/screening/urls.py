from django.urls import path

from saphan.care.screening import hearing_views, question_views, views

app_name = "screening"
urlpatterns = [
    path("", views.list_interviews, name="list"),
    path("new/", views.new_interview, name="new"),
    path("instruments/", views.instruments, name="instruments"),
    path("instruments/<slug:code>/print/", views.print_blank, name="print_blank"),
    path("emergency/", views.emergency, name="emergency"),
    path("interviews/<uuid:interview_id>/", views.overview, name="overview"),
    path("interviews/<uuid:interview_id>/safety/", views.safety, name="safety"),
    path("interviews/<uuid:interview_id>/start/", views.start, name="start"),
    path("interviews/<uuid:interview_id>/questions/<str:code>/", question_views.question, name="question"),
    path("interviews/<uuid:interview_id>/pause/", views.pause, name="pause"),
    path("interviews/<uuid:interview_id>/resume/", views.resume, name="resume"),
    path("interviews/<uuid:interview_id>/hand-over/", views.hand_over, name="hand_over"),
    path("interviews/<uuid:interview_id>/stop/", views.stop, name="stop"),
    path("interviews/<uuid:interview_id>/complete/", views.complete, name="complete"),
    path("interviews/<uuid:interview_id>/print/", views.print_filled, name="print"),
    path("interviews/<uuid:interview_id>/convene/", hearing_views.convene, name="convene"),
    path("hearings/", hearing_views.list_hearings, name="hearings"),
    path("hearings/<uuid:hearing_id>/", hearing_views.detail, name="hearing"),
    path("hearings/<uuid:hearing_id>/declare/", hearing_views.declare, name="declare"),
    path("hearings/<uuid:hearing_id>/vote/", hearing_views.vote, name="vote"),
    path("hearings/<uuid:hearing_id>/decide/", hearing_views.decide, name="decide"),
    path("hearings/<uuid:hearing_id>/cancel/", hearing_views.cancel, name="cancel"),
    path("hearings/<uuid:hearing_id>/review/", hearing_views.review, name="review"),
    path("hearings/<uuid:hearing_id>/letter/", hearing_views.letter, name="letter"),
]
