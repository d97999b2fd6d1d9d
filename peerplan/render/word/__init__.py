"""The same documents as Word files, which agenda systems and officers ask for."""

from peerplan.render.word.appendix import appendix_docx
from peerplan.render.word.report import report_docx

__all__ = ["appendix_docx", "report_docx"]
