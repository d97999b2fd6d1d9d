from django.apps import AppConfig


class CouncilsConfig(AppConfig):
    name = "peerplan.councils"
    label = "councils"
