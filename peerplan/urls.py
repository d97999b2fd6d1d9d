"""Every URL of the site, by app."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.account.urls")),
    path("", include("peerplan.councils.urls")),
]
