"""How sign-in differs from allauth's defaults: nobody signs up without an invitation."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Closes public sign-up. People join by accepting an invitation (`councils.people`)."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """False, always."""
        return False

    def get_user_search_fields(self) -> list[Any]:
        """The fields by which allauth may look people up."""
        return ["email"]
