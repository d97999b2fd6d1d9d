"""Tenant rows are reached only through `.for_council(council)`."""

from typing import Any, Self, TypeVar

from django.db import models

ModelT = TypeVar("ModelT", bound=models.Model)


class CouncilQuerySet(models.QuerySet[ModelT]):
    """A queryset of rows that belong to one council, by the path in the model's `council_path`."""

    def for_council(self, council: Any) -> Self:
        """The rows of `council` and of no other."""
        path: str = getattr(self.model, "council_path", "council")
        return self.filter(**{path: council})
