"""A report as a page that is kept: written once, and shown again as it was."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from peerplan.render.report import Report
from peerplan.render.report_html import report_body

BEGIN, END = "<main>\n", "\n</main>"


def report_page(report: Report) -> str:
    """The report as a whole HTML document without styles, for agenda systems and for keeping."""
    context = {"report": report, "begin": BEGIN, "body": report_body(report), "end": END}
    return render_to_string("render/report_page.html", context)


def kept_body(page: str) -> SafeString:
    """What stands in the body of a page that `report_page` made, every text of it escaped then.

    Only for bytes that were stored as they were made: nothing is escaped here.
    """
    return mark_safe(page.partition(BEGIN)[2].rpartition(END)[0])  # noqa: S308
