"""URLs of routes and their steps, below /c/<council>/meetings/routes/."""

from django.urls import path

from peerplan.papers.views import routes

urlpatterns = [
    path("", routes.routes, name="routes"),
    path("new/", routes.route_new, name="route_new"),
    path("<int:route>/", routes.route, name="route"),
    path("<int:route>/name/", routes.route_rename, name="route_rename"),
    path("<int:route>/end/", routes.route_end, name="route_end"),
    path("<int:route>/steps/new/", routes.step_new, name="step_new"),
    path("steps/<int:step>/", routes.step, name="step"),
    path("steps/<int:step>/outcome/", routes.step_outcome, name="step_outcome"),
    path("steps/<int:step>/move/", routes.step_move, name="step_move"),
    path("steps/<int:step>/end/", routes.step_end, name="step_end"),
]
