"""One look for every form: label, hint, error and field tied together for screen readers."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Renders each field with our own template; allauth's forms too."""

    field_template_name = "core/field.html"
