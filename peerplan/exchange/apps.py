from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "peerplan.exchange"
    label = "exchange"
