from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "reviews"

    def ready(self) -> None:
        """Tells the gate what a peer reviewer may reach."""
        from peerplan.councils import gate
        from reviews.views.door import for_peers

        gate.let_peers_in_by(for_peers)
