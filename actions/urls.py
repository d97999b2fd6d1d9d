"""URLs of the plan, its actions and their updates. The last ones are greedy: include them last."""

from django.urls import path

from actions.views import plan

urlpatterns = [
    path("c/<slug:council>/<slug:challenge>/at/<str:day>/", plan.plan_at, name="plan_at"),
    path("c/<slug:council>/<slug:challenge>/", plan.plan, name="plan"),
]
