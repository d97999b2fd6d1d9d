from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "peerplan.demo"
    label = "demo"
