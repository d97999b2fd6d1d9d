"""URLs of bodies, meetings, routes, report templates and papers; each room has its own file."""

from django.urls import include, path

urlpatterns = [
    path("c/<slug:council>/meetings/", include("peerplan.papers.meetings_urls")),
    path("c/<slug:council>/meetings/routes/", include("peerplan.papers.routes_urls")),
    path("c/<slug:council>/meetings/templates/", include("peerplan.papers.templates_urls")),
    path("c/<slug:council>/papers/", include("peerplan.papers.papers_urls")),
    path("c/<slug:council>/papers/", include("peerplan.papers.issues_urls")),
    path("", include("peerplan.papers.decisions_urls")),
    path("c/<slug:council>/<slug:challenge>/questions/", include("peerplan.papers.questions_urls")),
]
