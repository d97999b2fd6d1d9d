"""The template tags and filters of our components. No domain in here."""

from django import template

register = template.Library()
