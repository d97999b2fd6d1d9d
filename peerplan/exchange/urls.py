"""Plans in and out as tables."""

from django.urls import path

from peerplan.exchange.views import export, paste

_HERE = "c/<slug:council>/<slug:challenge>"

urlpatterns = [
    path(f"{_HERE}/paste/", paste.paste, name="paste"),
    path(f"{_HERE}/plan.<slug:kind>", export.export, name="export"),
]
