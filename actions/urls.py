"""URLs of the plan, its actions and their updates. The last ones are greedy: include them last."""

from django.urls import include, path

from actions.views import action, catch_up, claims, dates, evidence, plan, updates

PLAN = "c/<slug:council>/<slug:challenge>/"
ACTION = f"{PLAN}<str:ref>/"

urlpatterns = [
    path(f"{PLAN}at/<str:day>/", plan.plan_at, name="plan_at"),
    path(f"{PLAN}catch-up/", catch_up.catch_up, name="catch_up"),
    path(f"{PLAN}dates/", dates.date_ledger, name="date_ledger"),
    path(f"{PLAN}claims/", claims.claims, name="claims"),
    path("", include("actions.editing_urls")),
    path(f"{ACTION}update/", updates.action_update, name="action_update"),
    path(f"{ACTION}verify/", claims.action_verify, name="action_verify"),
    path(f"{ACTION}extension/", dates.extension_new, name="extension_new"),
    path(f"{ACTION}extension/<int:extension>/", dates.extension_decide, name="extension_decide"),
    path(f"{ACTION}evidence/", evidence.evidence_add, name="evidence_add"),
    path(f"{ACTION}evidence/<uuid:public_id>/", evidence.evidence, name="evidence"),
    path(
        f"{ACTION}evidence/<uuid:public_id>/withdraw/",
        evidence.evidence_withdraw,
        name="evidence_withdraw",
    ),
    path(ACTION, action.action, name="action"),
    path(PLAN, plan.plan, name="plan"),
]
