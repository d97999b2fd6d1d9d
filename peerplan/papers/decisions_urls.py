"""URLs of decisions: the list of a council, the record of a step, and what concerns an action."""

from django.urls import path

from peerplan.papers.views import decisions

_MEETINGS = "c/<slug:council>/meetings"
_STEP = f"{_MEETINGS}/routes/<int:route>/steps/<int:step>/decision"
_PLAN = "c/<slug:council>/<slug:challenge>"

urlpatterns = [
    path(f"{_MEETINGS}/decisions/", decisions.decisions, name="decisions"),
    path(f"{_STEP}/", decisions.decision, name="decision"),
    path(f"{_STEP}/decision.<slug:kind>", decisions.decision_document, name="decision_document"),
    path(f"{_STEP}/change/", decisions.decision_change, name="decision_change"),
    path(f"{_STEP}/resolutions/new/", decisions.resolution_new, name="resolution_new"),
    path(f"{_STEP}/resolutions/<int:resolution>/", decisions.resolution, name="resolution"),
    path(
        f"{_STEP}/resolutions/<int:resolution>/move/",
        decisions.resolution_move,
        name="resolution_move",
    ),
    path(
        f"{_STEP}/resolutions/<int:resolution>/end/",
        decisions.resolution_end,
        name="resolution_end",
    ),
    path(f"{_STEP}/amendments/new/", decisions.amendment_new, name="amendment_new"),
    path(
        f"{_PLAN}/visit/<str:ref>/decisions/",
        decisions.recommendation_decisions,
        name="recommendation_decisions",
    ),
    path(f"{_PLAN}/<str:ref>/decisions/", decisions.action_decisions, name="action_decisions"),
]
