"""URLs of papers in writing: started, written part by part, signed off, with their appendices."""

from django.urls import path

from peerplan.papers.views import appendices, paper_parts, papers

urlpatterns = [
    path("steps/<int:step>/write/", papers.paper_new, name="paper_new"),
    path("<int:paper>/", papers.paper, name="paper"),
    path("<int:paper>/title/", papers.paper_title, name="paper_title"),
    path("<int:paper>/figures/", papers.paper_figures, name="paper_figures"),
    path("<int:paper>/end/", papers.paper_end, name="paper_end"),
    path("<int:paper>/write/", paper_parts.paper_all, name="paper_all"),
    path("<int:paper>/parts/new/", paper_parts.paper_part_new, name="paper_part_new"),
    path("<int:paper>/parts/drafted/", paper_parts.paper_part_drafted, name="paper_part_drafted"),
    path("<int:paper>/parts/out/", paper_parts.paper_parts_out, name="paper_parts_out"),
    path("<int:paper>/parts/<int:part>/", paper_parts.paper_part, name="paper_part"),
    path(
        "<int:paper>/parts/<int:part>/sign-off/",
        paper_parts.paper_sign_off,
        name="paper_sign_off",
    ),
    path("<int:paper>/parts/<int:part>/end/", paper_parts.paper_part_end, name="paper_part_end"),
    path("<int:paper>/parts/<int:part>/move/", paper_parts.paper_part_move, name="paper_part_move"),
    path("<int:paper>/appendices/new/", appendices.paper_appendix_new, name="paper_appendix_new"),
    path(
        "<int:paper>/appendices/<int:appendix>/",
        appendices.paper_appendix,
        name="paper_appendix",
    ),
    path(
        "<int:paper>/appendices/<int:appendix>/end/",
        appendices.paper_appendix_end,
        name="paper_appendix_end",
    ),
    path(
        "<int:paper>/appendices/<int:appendix>/file/",
        appendices.paper_appendix_file,
        name="paper_appendix_file",
    ),
    path(
        "<int:paper>/appendices/<int:appendix>/move/",
        appendices.paper_appendix_move,
        name="paper_appendix_move",
    ),
]
