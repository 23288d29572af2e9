"""The workspace of a version, under /desk/agreements/; beside the register."""

from django.urls import path

from saphan.agreements.workspace import (
    article_views,
    card_views,
    compare_views,
    head_views,
    negotiation_views,
    row_views,
    signing_views,
    simulate_views,
)

app_name = "workspace"
V = "versions/<uuid:version_id>/"
A = V + "articles/<str:key>/"
P = "proposals/<uuid:proposal_id>/"
urlpatterns = [
    path(V + "articles/", card_views.articles, name="articles"),
    path(V + "articles/begin/", card_views.begin, name="begin_running_part"),
    path(V + "articles/new/", article_views.new_article, name="new_article"),
    path(V + "findings/", card_views.findings, name="findings"),
    path("rules/<str:rule_id>/", card_views.rule, name="rule"),
    path(V + "history/", card_views.history, name="history"),
    path(V + "history/<int:number>/back/", card_views.go_back, name="go_back"),
    path(V + "head/", head_views.head, name="head"),
    path(V + "head/general/", head_views.edit_general, name="general"),
    path(V + "head/<str:section>/new/", head_views.edit_entry, name="new_entry"),
    path(V + "head/<str:section>/<str:name>/", head_views.edit_entry, name="entry"),
    path(V + "head/<str:section>/<str:name>/remove/", head_views.remove_entry, name="remove_entry"),
    path(A + "words/", article_views.edit_words, name="words"),
    path(A + "move/", article_views.move_article, name="move_article"),
    path(A + "remove/", article_views.remove_article, name="remove_article"),
    path(A + "rows/", row_views.choose_kind, name="kinds"),
    path(A + "rows/<str:kind>/new/", row_views.new_row, name="new_row"),
    path(A + "rows/<str:kind>/<int:place>/", row_views.edit_row, name="row"),
    path(A + "rows/<str:kind>/<int:place>/remove/", row_views.remove_row, name="remove_row"),
    path(V + "negotiation/", negotiation_views.negotiation, name="negotiation"),
    path(V + "negotiation/new/", negotiation_views.begin, name="propose_new"),
    path(V + "negotiation/<str:key>/", negotiation_views.article, name="table"),
    path(V + "negotiation/<str:key>/propose/", negotiation_views.begin, name="propose"),
    path(V + "negotiation/<str:key>/comment/", negotiation_views.comment, name="comment"),
    path(V + "negotiation/<str:key>/bracket/", negotiation_views.bracket, name="bracket"),
    path("brackets/<uuid:bracket_id>/lift/", negotiation_views.lift, name="lift_bracket"),
    path(P, negotiation_views.proposal, name="proposal"),
    path(P + "position/", negotiation_views.position, name="position"),
    path(P + "comment/", negotiation_views.comment, name="comment_proposal"),
    path(P + "words/", article_views.edit_words, name="proposal_words"),
    path(P + "rows/", row_views.choose_kind, name="proposal_kinds"),
    path(P + "rows/<str:kind>/new/", row_views.new_row, name="proposal_new_row"),
    path(P + "rows/<str:kind>/<int:place>/", row_views.edit_row, name="proposal_row"),
    path(P + "rows/<str:kind>/<int:place>/remove/", row_views.remove_row, name="proposal_remove_row"),
    path(P + "act/<str:verb>/", negotiation_views.act, name="proposal_act"),
    path(V + "compare/", compare_views.compare, name="compare"),
    path(V + "impact/", compare_views.impact, name="impact"),
    path(V + "simulate/", simulate_views.simulate, name="simulate"),
    path(V + "simulate/begin/", simulate_views.begin, name="simulate_begin"),
    path(V + "simulate/step/", simulate_views.step, name="simulate_step"),
    path(V + "simulate/forget/", simulate_views.forget, name="simulate_forget"),
    path(V + "signing/", signing_views.signing, name="signing"),
    path(V + "signing/prepare/", signing_views.prepare, name="prepare_signature"),
    path(V + "signing/key/make/", signing_views.make_key, name="make_key"),
    path(V + "signing/key/retire/", signing_views.retire_key, name="retire_key"),
    path("prepared/<uuid:prepared_id>/sign/", signing_views.sign, name="sign_by_key"),
    path("prepared/<uuid:prepared_id>/drop/", signing_views.drop, name="drop_prepared"),
]
