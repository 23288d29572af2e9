"""How an agreement is kept, under /desk/agreements/."""

from django.urls import path

from saphan.agreements.scoring import commitment_views, occurrence_views, score_views

app_name = "scoring"
urlpatterns = [
    path("commitments/", commitment_views.everywhere, name="all"),
    path("commitments/<uuid:commitment_id>/accept/", commitment_views.accept, name="accept"),
    path("commitments/<uuid:commitment_id>/decline/", commitment_views.decline, name="decline"),
    path("commitments/<uuid:commitment_id>/withdraw/", commitment_views.withdraw, name="withdraw"),
    path("commitments/<uuid:commitment_id>/release/", commitment_views.release, name="release"),
    path("occurrences/<uuid:occurrence_id>/", occurrence_views.occurrence_page, name="occurrence"),
    path("occurrences/<uuid:occurrence_id>/state/", occurrence_views.state, name="state"),
    path("occurrences/<uuid:occurrence_id>/take-back/", occurrence_views.take_back, name="take_back"),
    path("occurrences/<uuid:occurrence_id>/confirm/", occurrence_views.confirm, name="confirm"),
    path("occurrences/<uuid:occurrence_id>/dispute/", occurrence_views.dispute, name="dispute"),
    path("occurrences/<uuid:occurrence_id>/ask-to-excuse/", occurrence_views.ask, name="ask"),
    path("occurrences/<uuid:occurrence_id>/excuse/", occurrence_views.excuse, name="excuse"),
    path("occurrences/<uuid:occurrence_id>/refuse-to-excuse/", occurrence_views.refuse, name="refuse"),
    path("occurrences/<uuid:occurrence_id>/admit/", occurrence_views.admit, name="admit"),
    path("evidence/<uuid:step_id>/", occurrence_views.evidence, name="evidence"),
    path("<uuid:agreement_id>/commitments/", commitment_views.commitments, name="commitments"),
    path("<uuid:agreement_id>/commitments/new/", commitment_views.propose, name="propose"),
    path("<uuid:agreement_id>/scorecard/", score_views.scorecard, name="scorecard"),
    path("<uuid:agreement_id>/scorecard/print/", score_views.print_card, name="print"),
    path("<uuid:agreement_id>/scorecard/table.csv", score_views.as_csv, name="csv"),
    path("<uuid:agreement_id>/scorecard/report.pdf", score_views.as_pdf, name="pdf"),
    path("scorecards/<uuid:snapshot_id>/allow/", score_views.allow, name="allow"),
    path("scorecards/<uuid:snapshot_id>/publish/", score_views.publish, name="publish"),
    path("scorecards/<uuid:snapshot_id>/take-back/", score_views.withdraw, name="withdraw_card"),
    path("consents/<uuid:consent_id>/take-back/", score_views.disallow, name="disallow"),
]
