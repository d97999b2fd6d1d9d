"""URLs of members' questions, below a plan's `questions/`."""

from django.urls import path

from peerplan.papers.views import questions

urlpatterns = [
    path("", questions.questions, name="questions"),
    path("new/", questions.question_new, name="question_new"),
    path("<int:number>/", questions.question, name="question"),
    path("<int:number>/<slug:deed>/", questions.question_say, name="question_say"),
]
