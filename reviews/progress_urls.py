"""Entering a progress review. The page on which it is read is one of the dashboards."""

from django.urls import path

from reviews.views import progress

_SETUP = "c/<slug:council>/<slug:challenge>/review/set-up"
_FINDING = f"{_SETUP}/findings/<str:ref>"

urlpatterns = [
    path(f"{_SETUP}/", progress.review_setup, name="review_setup"),
    path(f"{_SETUP}/dates/", progress.review_dates, name="review_dates"),
    path(f"{_SETUP}/words/", progress.review_words, name="review_words"),
    path(f"{_SETUP}/lock/", progress.review_lock, name="review_lock"),
    path(f"{_SETUP}/team/", progress.review_team, name="review_team"),
    path(f"{_SETUP}/team/copy/", progress.review_team_copy, name="review_team_copy"),
    path(f"{_SETUP}/team/<int:pk>/", progress.review_peer, name="review_peer"),
    path(f"{_SETUP}/themes/", progress.review_themes, name="review_themes"),
    path(f"{_SETUP}/themes/<int:pk>/", progress.review_theme, name="review_theme"),
    path(f"{_SETUP}/findings/", progress.review_findings, name="review_findings"),
    path(f"{_FINDING}/", progress.review_finding, name="review_finding"),
    path(f"{_FINDING}/remove/", progress.review_finding_remove, name="review_finding_remove"),
    path(
        f"{_FINDING}/suggestions/new/",
        progress.review_suggestion_new,
        name="review_suggestion_new",
    ),
    path(
        f"{_SETUP}/suggestions/<str:ref>/remove/",
        progress.review_suggestion_remove,
        name="review_suggestion_remove",
    ),
    path(
        f"{_SETUP}/<slug:part>/<int:pk>/remove/",
        progress.review_part_remove,
        name="review_part_remove",
    ),
    path(
        f"{_SETUP}/<slug:part>/<int:pk>/<way:way>/",
        progress.review_part_move,
        name="review_part_move",
    ),
]
