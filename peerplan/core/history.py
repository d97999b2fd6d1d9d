"""History rows that can be trusted: who, when, why, and quick to read at any past instant."""

from typing import Any

from django.db import models
from simple_history.models import HistoricalRecords


class History(HistoricalRecords):  # type: ignore[misc]
    """HistoricalRecords with a reason of any length, an author always, and an index by instant.

    The index and the constraint are declared here because an abstract `Meta`, `AddIndex` or raw
    SQL are each dropped or undone by simple-history or the migration autodetector.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("history_change_reason_field", models.TextField(null=True))
        super().__init__(**kwargs)

    def get_meta_options(self, model: type[models.Model]) -> dict[str, Any]:
        options: dict[str, Any] = super().get_meta_options(model)
        key = model._meta.pk.attname if model._meta.pk else "id"
        name = f"{model._meta.app_label}_{model._meta.model_name}"[:22]
        options["indexes"] = [
            models.Index(fields=[key, "history_date", "history_id"], name=f"h_{name}_at")
        ]
        options["constraints"] = [
            models.CheckConstraint(
                condition=models.Q(history_user__isnull=False), name=f"h_{name}_author"
            )
        ]
        return options


def save(record: models.Model, *, author: models.Model, reason: str = "") -> None:
    """Save `record` whole, with a history row that names `author` and gives `reason`."""
    record._history_user = author  # type: ignore[attr-defined]
    record._change_reason = reason  # type: ignore[attr-defined]
    # Relations are left to the database: their validation costs a query each.
    record.clean_fields(exclude={each.name for each in record._meta.fields if each.is_relation})
    record.save()
