"""Addresses of the Inquiry Corner's desk."""

from django.urls import path

from saphan.portal.inquiries import desk_views, office_views, oversight_views

app_name = "inquiries_desk"
urlpatterns = [
    path("", desk_views.list_inquiries, name="list"),
    path("templates/", office_views.templates, name="templates"),
    path("templates/<uuid:template_id>/", office_views.template, name="template"),
    path("templates/<uuid:template_id>/remove/", office_views.remove_template, name="remove_template"),
    path("answers/", office_views.answers, name="answers"),
    path("answers/new/", office_views.propose, name="propose"),
    path("answers/<uuid:answer_id>/", office_views.rewrite, name="rewrite"),
    path("answers/<uuid:answer_id>/publish/", office_views.publish, name="publish"),
    path("answers/<uuid:answer_id>/withdraw/", office_views.withdraw, name="withdraw"),
    path("figures/", office_views.figures, name="figures"),
    path("late/", oversight_views.late, name="late"),
    path("<uuid:inquiry_id>/give/", oversight_views.give, name="give"),
    path("<uuid:inquiry_id>/", desk_views.detail, name="detail"),
    path("<uuid:inquiry_id>/reveal/", desk_views.reveal, name="reveal"),
    path("<uuid:inquiry_id>/files/<str:reference>/", desk_views.file, name="file"),
    path("<uuid:inquiry_id>/reply/", desk_views.reply, name="reply"),
    path("<uuid:inquiry_id>/writing/", desk_views.writing, name="writing"),
    path("<uuid:inquiry_id>/note/", desk_views.note, name="note"),
    path("<uuid:inquiry_id>/assign/", desk_views.assign, name="assign"),
    path("<uuid:inquiry_id>/tags/", desk_views.tag, name="tag"),
    path("<uuid:inquiry_id>/danger/", desk_views.danger, name="danger"),
    path("<uuid:inquiry_id>/move/", desk_views.move, name="move"),
    path("<uuid:inquiry_id>/merge/", desk_views.merge, name="merge"),
    path("<uuid:inquiry_id>/split/", desk_views.split, name="split"),
    path("<uuid:inquiry_id>/hand-over/", desk_views.hand_over, name="hand_over"),
]
