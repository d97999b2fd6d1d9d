"""URLs of bodies, meetings and closure days, below a council's `meetings/`."""

from django.urls import path

from peerplan.papers.views import bodies, meetings

urlpatterns = [
    path("", meetings.meetings, name="meetings"),
    path("new/", meetings.meeting_new, name="meeting_new"),
    path("<int:meeting>/", meetings.meeting, name="meeting"),
    path("<int:meeting>/change/", meetings.meeting_change, name="meeting_change"),
    path("<int:meeting>/call-off/", meetings.meeting_call_off, name="meeting_call_off"),
    path("bodies/", bodies.bodies, name="bodies"),
    path("bodies/new/", bodies.body_new, name="body_new"),
    path("bodies/<int:body>/", bodies.body, name="body"),
    path("bodies/<int:body>/change/", bodies.body_change, name="body_change"),
    path("bodies/<int:body>/end/", bodies.body_end, name="body_end"),
    path("bodies/<int:body>/take-up/", bodies.body_take_up, name="body_take_up"),
    path("bodies/<int:body>/seats/<int:seat>/end/", bodies.seat_end, name="seat_end"),
    path("closures/", bodies.closures, name="closures"),
    path("closures/<int:closure>/end/", bodies.closure_end, name="closure_end"),
]
