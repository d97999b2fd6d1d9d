"""URLs that exist in demonstration mode only."""

from django.urls import path

from peerplan.demo import views

urlpatterns = [path("demonstration/sign-in/", views.sign_in, name="demo_sign_in")]
