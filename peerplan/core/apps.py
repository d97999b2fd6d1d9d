from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "peerplan.core"
    label = "core"
