"""Challenges, setting them up, and the visit."""

from django.urls import include, path, register_converter

from reviews.views import access, challenges, parts, recommendations


class WayConverter:
    """The way in which a row moves."""

    regex = "up|down"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(WayConverter, "way")

_HERE = "c/<slug:council>/<slug:challenge>"
_SETUP = f"{_HERE}/setup"
_PEER = f"{_HERE}/peers/<int:access>"
_ROW = f"{_SETUP}/recommendations/<str:ref>"

urlpatterns = [
    path("c/<slug:council>/challenges/", challenges.challenge_list, name="challenges"),
    path("c/<slug:council>/challenges/new/", challenges.challenge_new, name="challenge_new"),
    path(f"{_HERE}/visit/", challenges.visit, name="visit"),
    path(f"{_HERE}/visit/<str:ref>/", recommendations.recommendation, name="recommendation"),
    path(f"{_HERE}/peers/", access.peers, name="peers"),
    path(f"{_HERE}/peers/invite/", access.peer_invite, name="peer_invite"),
    path(f"{_PEER}/", access.peer_access, name="peer_access"),
    path(f"{_PEER}/end/", access.peer_end, name="peer_end"),
    path(f"{_PEER}/send-again/", access.peer_send_again, name="peer_send_again"),
    path(f"{_SETUP}/", challenges.challenge_setup, name="challenge_setup"),
    path(f"{_SETUP}/details/", challenges.challenge_details, name="challenge_details"),
    path(f"{_SETUP}/dates/", challenges.challenge_dates, name="challenge_dates"),
    path(f"{_SETUP}/adopt/", challenges.challenge_adopt, name="challenge_adopt"),
    path(f"{_SETUP}/team/", parts.team, name="team"),
    path(f"{_SETUP}/team/<int:pk>/", parts.team_member, name="team_member"),
    path(f"{_SETUP}/themes/", parts.themes, name="themes"),
    path(f"{_SETUP}/themes/<int:pk>/", parts.theme, name="theme"),
    path(f"{_SETUP}/conclusions/", parts.conclusions, name="conclusions"),
    path(f"{_SETUP}/conclusions/<int:pk>/", parts.conclusion, name="conclusion"),
    path(f"{_SETUP}/recommendations/", recommendations.recommendations, name="recommendations"),
    path(
        f"{_SETUP}/recommendations/add/",
        recommendations.recommendation_add,
        name="recommendation_add",
    ),
    path(
        f"{_SETUP}/recommendations/paste/",
        recommendations.recommendation_paste,
        name="recommendation_paste",
    ),
    path(f"{_ROW}/", recommendations.recommendation_change, name="recommendation_change"),
    path(f"{_ROW}/correct/", recommendations.recommendation_correct, name="recommendation_correct"),
    path(f"{_ROW}/remove/", recommendations.recommendation_remove, name="recommendation_remove"),
    path(f"{_ROW}/<way:way>/", recommendations.recommendation_move, name="recommendation_move"),
    path(f"{_SETUP}/<slug:part>/<int:pk>/remove/", parts.part_remove, name="part_remove"),
    path(f"{_SETUP}/<slug:part>/<int:pk>/<way:way>/", parts.part_move, name="part_move"),
    # Where the way of a row's move is known.
    path("", include("reviews.progress_urls")),
]
