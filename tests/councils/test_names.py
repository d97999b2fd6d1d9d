"""The council's own list of people who must not be named in public."""

import pytest
from django.test import Client

from peerplan.core.errors import Invalid
from peerplan.councils.changes import entries, marks_of
from peerplan.councils.models import Council, User
from peerplan.councils.services.names import LONGEST, MOST, change_names, tidy_names

URL = "/c/ashdale/settings/names/"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", []),
        ("Jo Smith\nAna Łukasz", ["Jo Smith", "Ana Łukasz"]),
        ("  Jo   Smith \n\n\nJO SMITH\n", ["Jo Smith"]),
        ("x" * LONGEST, ["x" * LONGEST]),
        ("\n".join(f"Jo Smith {number}" for number in range(MOST)), None),
    ],
)
def test_a_list_is_one_name_a_line_each_once(text: str, names: list[str] | None) -> None:
    found = tidy_names(text)
    assert found == names if names is not None else len(found) == MOST


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Jo Smith\n\nJ.", "Line 3, “J.”, is no name: write it in full."),
        ("123", "is no name"),
        ("x" * (LONGEST + 1), "Line 1 has 121 characters: give one name a line."),
        ("\n".join(f"Jo Smith {number}" for number in range(MOST + 1)), "There are 501 names"),
    ],
)
def test_a_line_that_is_no_name_is_refused_in_words(text: str, message: str) -> None:
    with pytest.raises(Invalid, match=message.replace("(", r"\(")):
        tidy_names(text)


@pytest.mark.django_db
def test_the_overview_counts_the_names_and_the_changes_do_not_repeat_them(
    admin_client: Client, council: Council, founder: User
) -> None:
    assert b"None yet" in admin_client.get("/c/ashdale/settings/").content
    changed = change_names(council=council, names="Jo Smith\nAna Hope", version=1, author=founder)
    assert changed.protected_names == "Jo Smith\nAna Hope"
    assert b"2 names" in admin_client.get("/c/ashdale/settings/").content
    told = entries(marks_of(changed))[0]
    assert told.sentences == ("People not to be named in public: rewritten",)
    assert "Jo Smith\nAna Hope" in admin_client.get(URL).content.decode()
    change_names(council=changed, names="", version=2, author=founder)
    assert entries(marks_of(council))[0].sentences == ("People not to be named in public: removed",)
