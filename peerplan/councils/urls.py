"""URLs of councils and of the pages that anyone may read."""

from django.urls import include, path

from peerplan.councils.views import brand, joining, pages

urlpatterns = [
    path("", pages.front, name="front"),
    path("health", pages.health_page, name="health"),
    path("signed-in/", pages.signed_in, name="signed_in"),
    path("help/", pages.help_page, name="help"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("privacy/", pages.privacy, name="privacy"),
    path("c/<slug:council>/brand.css", brand.brand_css, name="brand_css"),
    path("c/<slug:council>/logo", brand.logo, name="logo"),
    path(
        "c/<slug:council>/accessibility/", pages.council_accessibility, name="council_accessibility"
    ),
    path("c/<slug:council>/privacy/", pages.council_privacy, name="council_privacy"),
    path("c/<slug:council>/settings/", include("peerplan.councils.settings_urls")),
    path("invitation/<str:token>/", joining.invitation, name="invitation"),
]
