"""Tables keep to the layers and to history: what import-linter cannot see."""

import pytest
from django.apps import apps
from django.db import models

from peerplan.core.versions import Versioned

LAYERS = ["dashboards", "exchange", "papers", "actions", "reviews", "councils"]
"""Labels of our apps from the top down."""

APPEND_ONLY = {
    "councils.User": "deactivated or made anonymous; named as the author in every history row",
    "councils.Invitation": "written once; taken up or withdrawn once, with the time of it",
    "reviews.RecommendationTheme": "a link with a beginning and an end, each with its time",
    "reviews.Recurrence": "a link with a beginning and an end, each with its time and author",
    "reviews.PeerView": "written once, when a peer looked",
    "actions.Answer": "a link with a beginning and an end, each with its time",
    "actions.Lineage": "written once, with author, time and reason",
    "actions.ProgressUpdate": "written once: a correction is a further update",
    "actions.MilestoneDone": "written once, with the update that says so",
    "actions.Evidence": "written once, with author and time; ended, with author and time",
    "actions.RecommendationUpdate": "written once: a correction is a further update",
    "actions.Release": "written once, with author, time and reason",
    "actions.Extension": "asked once and decided once, each with author and time",
    "actions.FindingNote": "written once: a further answer is a further note",
    "actions.IssuedStatement": "issued is frozen: a correction is a further issue",
    "actions.StatementFile": "issued is frozen: bytes with their hash",
    "actions.StoredDocument": "written once, found by its inputs",
    "papers.BodyMember": "a seat with a beginning and an end, each with its time and author",
    "papers.ClosureDay": "written once; ended once, with author and time",
    "papers.ResolutionLink": "a link with a beginning and an end, each with its time",
    "papers.Amendment": "written once, with author and time, beside the change itself",
    "papers.QuestionEntry": "written once: what is said later is a further entry",
    "papers.IssuedPaper": "issued is frozen: a correction is a further issue",
    "papers.IssuedDocument": "issued is frozen: bytes with their hash",
}
"""Tables that carry no history because nothing in a row is ever written over, and why."""


def our_models() -> list[type[models.Model]]:
    """All tables of our apps but the history tables."""
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in LAYERS and not hasattr(model, "instance_type")
    ]


def test_foreign_keys_go_down_only() -> None:
    upward = [
        f"{model._meta.label}.{field.name} points up to {field.related_model._meta.label}"
        for model in our_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.OneToOneField)
        and field.related_model._meta.app_label in LAYERS
        and LAYERS.index(field.related_model._meta.app_label) < LAYERS.index(model._meta.app_label)
    ]
    assert upward == []


@pytest.mark.parametrize("app", ["core", "render", "dashboards", "exchange", "demo"])
def test_an_app_without_tables_has_none(app: str) -> None:
    assert list(apps.get_app_config(app).get_models()) == []


def test_what_can_be_written_over_keeps_versions_and_history() -> None:
    bare = [
        model._meta.label
        for model in our_models()
        if model._meta.label not in APPEND_ONLY
        and not (issubclass(model, Versioned) and hasattr(model, "history"))
    ]
    assert bare == []


def test_the_list_of_tables_without_history_names_real_tables_only() -> None:
    assert set(APPEND_ONLY) <= {model._meta.label for model in our_models()}


def test_every_history_row_has_an_author_and_is_quick_to_find_by_instant() -> None:
    tracked = [model for model in our_models() if hasattr(model, "history")]
    assert tracked
    for model in tracked:
        meta = model.history.model._meta
        assert any(name.name.endswith("_author") for name in meta.constraints), meta.label
        by_instant = [meta.get_field("history_date").name, "history_id"]
        assert any(index.fields[1:] == by_instant for index in meta.indexes), meta.label


def test_deleting_a_row_never_takes_others_with_it() -> None:
    careless = [
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and field.remote_field.on_delete is not models.PROTECT
    ]
    assert careless == []
