"""URLs of the pages that change the plan itself."""

from django.urls import path

from actions.views import closing, editing

_HERE = "c/<slug:council>/<slug:challenge>"

urlpatterns = [
    path(f"{_HERE}/actions/new/", editing.action_add, name="action_add"),
    path(
        f"{_HERE}/recommendations/<str:ref>/status/",
        editing.recommendation_status,
        name="recommendation_status",
    ),
    path(f"{_HERE}/<str:ref>/edit/", editing.action_edit, name="action_edit"),
    path(f"{_HERE}/<str:ref>/end/", closing.action_end, name="action_end"),
    path(f"{_HERE}/<str:ref>/move/<str:way>/", editing.action_move, name="action_move"),
]
