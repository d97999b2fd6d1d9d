from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "reviews"

    def ready(self) -> None:
        """Tells the gate what a peer reviewer may reach, and how a peer who left is forgotten."""
        from peerplan.councils import gate
        from peerplan.councils.services import people
        from reviews.services.access import forget
        from reviews.views.door import for_peers

        gate.let_peers_in_by(for_peers)
        people.forget_also_by(forget)
