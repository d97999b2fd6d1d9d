"""URLs of the position statement of a challenge."""

from django.urls import path

from peerplan.dashboards.views import statement

STATEMENT = "c/<slug:council>/<slug:challenge>/statement/"
ISSUE = f"{STATEMENT}<int:number>/"

urlpatterns = [
    path(STATEMENT, statement.statement, name="statement"),
    path(f"{STATEMENT}words/", statement.statement_change, name="statement_change"),
    path(f"{STATEMENT}issue/", statement.statement_issue, name="statement_issue"),
    path(ISSUE, statement.statement_issued, name="statement_issued"),
    path(f"{ISSUE}<int:file>/", statement.statement_file, name="statement_file"),
    path(f"{ISSUE}pack.zip", statement.statement_pack, name="statement_pack"),
]
