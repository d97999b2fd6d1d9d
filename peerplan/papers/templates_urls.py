"""URLs of report templates."""

from django.urls import path

from peerplan.papers.views import templates as views

urlpatterns = [
    path("", views.paper_templates, name="paper_templates"),
    path("ready-made/", views.paper_templates_ready_made, name="paper_templates_ready_made"),
    path("new/", views.paper_template_new, name="paper_template_new"),
    path("<int:template>/", views.paper_template, name="paper_template"),
    path("<int:template>/settings/", views.paper_template_change, name="paper_template_change"),
    path("<int:template>/preview/", views.paper_template_preview, name="paper_template_preview"),
    path("<int:template>/copy/", views.paper_template_copy, name="paper_template_copy"),
    path("<int:template>/end/", views.paper_template_end, name="paper_template_end"),
    path("<int:template>/parts/new/", views.template_part_new, name="template_part_new"),
    path("parts/<int:part>/", views.template_part, name="template_part"),
    path("parts/<int:part>/move/<slug:way>/", views.template_part_move, name="template_part_move"),
    path("parts/<int:part>/end/", views.template_part_end, name="template_part_end"),
]
