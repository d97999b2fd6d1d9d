from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "peerplan.dashboards"
    label = "dashboards"
