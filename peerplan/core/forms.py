"""One look for every form: label, hint, error and field tied together for screen readers.

Ours derive from `Form` or `ModelForm` of this module, which say what to do about an empty field
and leave the checking to the server. In a template: `{% error_summary form %}` at the top of the
page, then `{{ form }}`, or `{{ form.title.as_field_group }}` field by field.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.forms.utils import pretty_name

from peerplan.core import text

EXAMPLE = "31 3 2027"
NOT_A_DATE = f"Enter a real date, such as {EXAMPLE}."
FIRST_YEAR, LAST_YEAR = 1990, 2100
LONGEST_KEY = 18
"""Digits of a key that every database can be asked about."""


class Renderer(TemplatesSetting):
    """Renders each field with our own template; allauth's forms too."""

    form_template_name = "core/form.html"
    field_template_name = "core/field.html"


class _Words:
    """Says in words of the field's label what is missing; the browser's own bubbles do not."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]
        usual = forms.Field.default_error_messages["required"]
        for name, field in fields.items():
            if field.error_messages.get("required") == usual:
                field.error_messages["required"] = _what_to_do(name, field)


def _what_to_do(name: str, field: forms.Field) -> str:
    label = str(field.label or pretty_name(name))
    if label.endswith("?"):
        return f"Answer “{label}”"
    words = label if label[1:2].isupper() else label[:1].lower() + label[1:]
    if isinstance(field, forms.BooleanField):
        return f"Tick “{label}”"
    if isinstance(field, (forms.ChoiceField, forms.FileField)):
        return f"Choose the {words}"
    return f"Enter the {words}"


class Form(_Words, forms.Form):
    """A form of ours."""


class ModelForm(_Words, forms.ModelForm):  # type: ignore[type-arg]
    """A form of ours over a model."""


class Choice(str):
    """The words of one choice, with the written rule and the status pill that stand beside it.

    `RadioSelect(choices=[("red", Choice("Red", status="red", rule="Off track."))])`
    """

    rule: str
    status: str

    def __new__(cls, words: str, *, rule: str = "", status: str = "") -> "Choice":
        made = super().__new__(cls, words)
        made.rule, made.status = rule, status
        return made


class RowsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several rows, by their keys. A number that no database holds as a key is no choice.

    Django asks the database for all of the keys at once, which fails at such a number.
    """

    def clean(self, value: Any) -> Any:
        """The rows. Raises ValidationError."""
        for key in value if isinstance(value, list | tuple) else ():
            if len(str(key)) > LONGEST_KEY:
                raise ValidationError(
                    self.error_messages["invalid_choice"],
                    code="invalid_choice",
                    params={"value": key},
                )
        return super().clean(value)


class PlainText(forms.CharField):
    """Text without the characters that lie or break documents; `lines=True` for a text area.

    Nothing that is pasted is cut off by the browser: what is too long comes back with a message.
    """

    def __init__(self, *, lines: bool = False, rows: int | None = None, **kwargs: Any) -> None:
        self.lines = lines
        if lines:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows} if rows else None))
        super().__init__(**kwargs)
        if self.max_length is not None:
            self.error_messages["max_length"] = (
                f"Use at most {self.max_length:,} characters: this has %(show_value)s."
            )
        for validator in self.validators:
            if getattr(validator, "code", "") == "max_length":
                validator.message = self.error_messages["max_length"]  # type: ignore[attr-defined]

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No `maxlength`: a browser would drop the end of a pasted text without a word."""
        return {}

    def to_python(self, value: Any) -> str | None:
        """The cleaned text. Raises ValidationError that names a refused character."""
        if value not in self.empty_values:
            try:
                value = text.clean(str(value), lines=self.lines)
            except ValueError as error:
                raise ValidationError(str(error), code="character") from error
        return super().to_python(value)


def read_day(typed: str) -> date:
    """The day meant by "31 3 2027", "31/3/2027", "31 March 2027" or "2027-03-31".

    Raises ValueError, with a message for the person who typed it.
    """
    words = re.split(r"[\s./-]+", typed.strip())
    if len(words) == 3 and re.fullmatch(r"\d{4}", words[0]):
        words.reverse()
    if len(words) != 3:
        raise ValueError(NOT_A_DATE)
    day, month, year = words
    if re.fullmatch(r"[0-9]{1,2}", year):
        raise ValueError(f"The year must have four figures, such as {EXAMPLE}.")
    if not all(re.fullmatch(r"[0-9]{1,4}", word) for word in (day, year)):
        raise ValueError(NOT_A_DATE)
    if not FIRST_YEAR <= int(year) <= LAST_YEAR:
        raise ValueError(f"The year must be between {FIRST_YEAR} and {LAST_YEAR}.")
    try:
        return date(int(year), _month(month), int(day))
    except ValueError as error:
        raise ValueError(NOT_A_DATE) from error


def _month(word: str) -> int:
    months = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
    if re.fullmatch(r"[0-9]{1,2}", word):
        return int(word)
    return months.index(word[:3].lower()) + 1


class DayWidget(forms.MultiWidget):
    """Day, month and year in three boxes: the quickest for a date one knows.

    A whole date typed or pasted into the first box, or sent under the field's own name, counts.
    """

    template_name = "core/day.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__([forms.TextInput(), forms.TextInput(), forms.TextInput()], attrs)

    def decompress(self, value: Any) -> list[str]:
        """A date, an ISO string or None as the text of the three boxes."""
        if isinstance(value, date):
            return [str(value.day), str(value.month), str(value.year)]
        return _three(value) if isinstance(value, str) and value.strip() else ["", "", ""]

    def value_from_datadict(
        self, data: Mapping[str, Any], files: Mapping[str, Any], name: str
    ) -> list[str]:
        """What was typed, as three texts."""
        typed = [str(data.get(f"{name}_{index}") or "").strip() for index in range(3)]
        if not any(typed) and data.get(name):
            return _three(str(data[name]))
        # A whole date over a filled-in day is meant to replace all three.
        is_whole = len(re.split(r"[\s./-]+", typed[0])) == 3
        return _three(typed[0]) if is_whole or not (typed[1] or typed[2]) else typed


def _three(typed: str) -> list[str]:
    """A whole date as three texts; one that cannot be read stays in the first."""
    try:
        day = read_day(typed)
    except ValueError:
        return [typed.strip(), "", ""]
    return [str(day.day), str(day.month), str(day.year)]


class DayField(forms.Field):
    """A date in three boxes; cleans to a `date` or None. Says in words what is wrong."""

    widget = DayWidget

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", f"For example, {EXAMPLE}")
        messages = {"required": f"Enter a date, such as {EXAMPLE}."}
        kwargs["error_messages"] = messages | (kwargs.get("error_messages") or {})
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        """The date. Raises ValidationError that says what is missing or wrong."""
        if isinstance(value, date):
            return value
        typed = [value] if isinstance(value, str) else [part for part in value or [] if part]
        if not any(typed):
            return None
        if isinstance(value, list) and len(value) == 3 and value[0] and len(typed) < 3:
            missing = [
                name for name, part in zip(("day", "month", "year"), value, strict=True) if not part
            ]
            if len(value[0]) <= 2:
                raise ValidationError(
                    f"The date must have a {' and a '.join(missing)}.", code="incomplete"
                )
        try:
            return read_day(" ".join(typed))
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        """True where another day was typed, or one that cannot be read."""
        try:
            return self.to_python(data) != self.to_python(DayWidget().decompress(initial))
        except ValidationError:
            return True
