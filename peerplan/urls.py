"""Every URL of the site, by app."""

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.account.urls")),
    path("", include("peerplan.councils.urls")),
    path("", include("reviews.urls")),
    path("", include("peerplan.papers.urls")),
    path("", include("peerplan.exchange.urls")),
    path("", include("peerplan.dashboards.urls")),
    # Last: an action's address, /c/<council>/<challenge>/<ref>/, would swallow others.
    path("", include("actions.urls")),
]

if settings.DEMO:
    urlpatterns.append(path("", include("peerplan.demo.urls")))
