"""URLs of a council's settings, below /c/<council>/settings/."""

from django.urls import path

from peerplan.councils.views import changes, people, scheme, settings, structure

urlpatterns = [
    path("", settings.overview, name="council_settings"),
    path("details/", settings.details, name="council_details"),
    path("statements/", settings.statements, name="council_statements"),
    path("words/", settings.words, name="council_words"),
    path("later-dates/", settings.dates_rule, name="council_dates_rule"),
    path("names/", settings.names, name="council_names"),
    path("colours/", settings.colours, name="council_colours"),
    path("logo/", settings.logo, name="council_logo"),
    path("logo/remove/", settings.logo_removed, name="council_logo_removed"),
    path("directorates/", structure.directorates, name="council_directorates"),
    path("directorates/<int:pk>/", structure.directorate, name="council_directorate"),
    path("directorates/<int:pk>/end/", structure.directorate_end, name="council_directorate_end"),
    path(
        "directorates/<int:pk>/reopen/",
        structure.directorate_reopen,
        name="council_directorate_reopen",
    ),
    path("portfolios/", structure.portfolios, name="council_portfolios"),
    path("portfolios/<int:pk>/", structure.portfolio, name="council_portfolio"),
    path("portfolios/<int:pk>/end/", structure.portfolio_end, name="council_portfolio_end"),
    path(
        "portfolios/<int:pk>/reopen/", structure.portfolio_reopen, name="council_portfolio_reopen"
    ),
    path("people/", people.council_people, name="council_people"),
    path("people/invite/", people.invite, name="council_invite"),
    path("people/<int:pk>/", people.person, name="council_person"),
    path("people/<int:pk>/end/", people.person_end, name="council_person_end"),
    path("people/<int:pk>/anonymous/", people.person_anonymous, name="council_person_anonymous"),
    path(
        "invitations/<int:pk>/withdraw/",
        people.invitation_withdrawn,
        name="council_invitation_withdrawn",
    ),
    path(
        "invitations/<int:pk>/send-again/",
        people.invitation_sent_again,
        name="council_invitation_sent_again",
    ),
    path("rating-scheme/", scheme.scheme, name="council_scheme"),
    path("rating-scheme/<slug:key>/", scheme.rule, name="council_rule"),
    path("changes/", changes.changes, name="council_changes"),
]
