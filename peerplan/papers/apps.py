from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "peerplan.papers"
    label = "papers"
