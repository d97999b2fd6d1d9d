from django.apps import AppConfig


class RenderConfig(AppConfig):
    name = "peerplan.render"
    label = "render"
