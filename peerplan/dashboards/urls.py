"""URLs of the screens over both hearts; before those of the plan, whose slugs are wider."""

from django.urls import include, path

from peerplan.dashboards.views import (
    appendix,
    closing,
    findings,
    home,
    mine,
    releases,
    review,
    scrutiny,
    years,
)

HERE = "c/<slug:council>/"
CHALLENGE = HERE + "<slug:challenge>/"

urlpatterns = [
    path(HERE, home.home, name="home"),
    path(HERE + "my-actions/", mine.my_actions, name="my_actions"),
    path(HERE + "over-the-years/", years.over_the_years, name="over_the_years"),
    path(
        HERE + "over-the-years/links/<int:recurrence>/end/",
        years.recurrence_end,
        name="recurrence_end",
    ),
    path(
        HERE + "over-the-years/<slug:challenge>/<str:ref>/",
        years.recurrence_new,
        name="recurrence_new",
    ),
    path(CHALLENGE + "scrutiny/", scrutiny.scrutiny, name="scrutiny"),
    path(CHALLENGE + "release/", releases.release, name="release"),
    path(CHALLENGE + "releases/", releases.release_list, name="releases"),
    path(CHALLENGE + "findings/", findings.findings, name="findings"),
    path(CHALLENGE + "findings/<slug:rule>/<str:ref>/", findings.finding_note, name="finding_note"),
    path(CHALLENGE + "closing/", closing.closing, name="closing"),
    path(
        CHALLENGE + "closing/letter/", closing.closing_letter_change, name="closing_letter_change"
    ),
    path(CHALLENGE + "closing/carry-over/", closing.closing_carry_over, name="closing_carry_over"),
    path(CHALLENGE + "closing/close/", closing.closing_close, name="closing_close"),
    path(CHALLENGE + "closing/issue/", closing.closing_issue, name="closing_issue"),
    path(CHALLENGE + "closing/open-again/", closing.closing_open_again, name="closing_open_again"),
    path("", include("peerplan.dashboards.statement_urls")),
    path(CHALLENGE + "appendix/", appendix.appendix, name="appendix"),
    path(CHALLENGE + "appendix.pdf", appendix.appendix_pdf, name="appendix_pdf"),
    path(CHALLENGE + "appendix.html", appendix.appendix_page, name="appendix_html"),
    path(CHALLENGE + "review/", review.progress_review, name="progress_review"),
    path(CHALLENGE + "review/corrections/", review.review_corrections, name="review_corrections"),
]
