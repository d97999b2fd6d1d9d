"""URLs of preview, drafts, the issue of a paper and issued papers."""

from django.urls import path

from peerplan.papers.views import issues

urlpatterns = [
    path("<int:paper>/preview/", issues.paper_preview, name="paper_preview"),
    path("<int:paper>/draft.<slug:kind>", issues.paper_draft, name="paper_draft"),
    path("<int:paper>/issue/", issues.paper_issue, name="paper_issue"),
    path("<int:paper>/issued/<int:issue>/", issues.issued_paper, name="issued_paper"),
    path(
        "<int:paper>/issued/<int:issue>/<int:document>/",
        issues.issued_document,
        name="issued_document",
    ),
    path("<int:paper>/issued/<int:issue>/pack.zip", issues.issued_pack, name="issued_pack"),
]
