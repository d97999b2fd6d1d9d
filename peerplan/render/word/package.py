"""A Word file round a body: page, styles, head, foot, properties, and bytes that never vary."""

import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time

from docx import Document
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm

from peerplan.render.word.markup import MM, TAB, paragraph, plain, run
from peerplan.render.word.styles import all_lists, all_styles

# What python-docx's template brings along and no paper of ours needs.
SURPLUS = ("thumbnail", "stylesWithEffects", "customXml")
APPLICATION = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    'extended-properties"><Application>PeerPlan</Application></Properties>'
)
# The first day that a zip file can tell: the same document gives the same bytes.
EPOCH = (1980, 1, 1, 0, 0, 0)
NINE = time(9)


@dataclass(frozen=True)
class Sheet:
    """Paper: its sides and margins in millimetres."""

    width: int
    height: int
    side: int
    top: int
    bottom: int

    @property
    def text_width(self) -> int:
        """How wide the text is, in twentieths of a point."""
        return round((self.width - 2 * self.side) * MM)


PORTRAIT = Sheet(210, 297, side=20, top=18, bottom=18)
LANDSCAPE = Sheet(297, 210, side=14, top=14, bottom=15)


@dataclass(frozen=True)
class Frame:
    """What stands round the body of a document, and what its file says of it."""

    title: str
    council_name: str
    description: str
    foot: str
    marking: str
    dated: date | None
    language: str
    brand: str


def begun(frame: Frame, sheet: Sheet) -> Docx:
    """An empty document with our styles, page, head and foot."""
    document = Document()
    _drop_surplus(document)
    _set_styles(document, frame, sheet)
    _set_page(document, sheet)
    _set_properties(document, frame)
    section = document.sections[0]
    if frame.marking:
        _fill(section.header, paragraph(run(frame.marking), "Header"))
    pages = f"{_field('PAGE')}{run(' of ')}{_field('NUMPAGES')}"
    _fill(section.footer, paragraph(f"{run(frame.foot)}{TAB}{run('Page ')}{pages}", "Footer"))
    return document


def append(document: Docx, body: str) -> None:
    """Puts paragraphs and tables after those that the document has."""
    end = document.element.body[-1]
    for element in list(parse_xml(f"<w:body {nsdecls('w')}>{body}</w:body>")):
        end.addprevious(element)


def finished(document: Docx) -> bytes:
    """The document's file, without the time of its making: the same has the same bytes."""
    saved = io.BytesIO()
    document.save(saved)
    settled = io.BytesIO()
    with (
        zipfile.ZipFile(saved) as before,
        zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            content = before.read(name)
            if name == "docProps/app.xml":
                content = APPLICATION.encode()
            held = zipfile.ZipInfo(name, EPOCH)
            held.compress_type = zipfile.ZIP_DEFLATED
            held.create_system = 3
            after.writestr(held, content)
    return settled.getvalue()


def _field(name: str) -> str:
    """A number that Word works out; it shows 1 until then."""
    return f'<w:fldSimple w:instr=" {name} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'


def _fill(part: object, content: str) -> None:
    """Puts one paragraph in the place of what a head or a foot holds."""
    part.is_linked_to_previous = False  # type: ignore[attr-defined]
    element = part._element  # type: ignore[attr-defined]
    for child in list(element):
        element.remove(child)
    element.append(parse_xml(content.replace("<w:p>", f"<w:p {nsdecls('w')}>", 1)))


def _drop_surplus(document: Docx) -> None:
    for rels in (document.part.rels, document.part.package.rels):
        for key, rel in list(rels.items()):
            if any(name in rel.reltype for name in SURPLUS):
                rels.pop(key)


def _set_styles(document: Docx, frame: Frame, sheet: Sheet) -> None:
    styles = document.styles.element
    for child in list(styles):
        if child.tag != qn("w:latentStyles"):
            styles.remove(child)
    ours = all_styles(frame.brand[1:].upper(), frame.language, sheet.text_width)
    latent = styles[0]
    for place, element in enumerate(parse_xml(f"<w:styles {nsdecls('w')}>{ours}</w:styles>")[:]):
        if place == 0:
            latent.addprevious(element)
        else:
            styles.append(element)
    lists = document.part.numbering_part.element
    for child in list(lists):
        lists.remove(child)
    lists.extend(parse_xml(f"<w:numbering {nsdecls('w')}>{all_lists()}</w:numbering>")[:])
    settings = document.settings.element
    for theme in settings.iter(qn("w:themeFontLang")):
        theme.set(qn("w:val"), frame.language)
    for setting in settings.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")


def _set_page(document: Docx, sheet: Sheet) -> None:
    section = document.sections[0]
    is_wide = sheet.width > sheet.height
    section.orientation = WD_ORIENT.LANDSCAPE if is_wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(sheet.width), Mm(sheet.height)
    section.left_margin = section.right_margin = Mm(sheet.side)
    section.top_margin, section.bottom_margin = Mm(sheet.top), Mm(sheet.bottom)
    section.header_distance = section.footer_distance = Mm(8)


def _set_properties(document: Docx, frame: Frame) -> None:
    """Title, author and subject; the day of the paper is the day of the file, or none is told."""
    properties = document.core_properties
    properties.title = plain(frame.title)[:255]
    properties.author = properties.last_modified_by = plain(frame.council_name)[:255]
    properties.subject = plain(frame.description)[:255]
    properties.comments = properties.keywords = ""
    properties.language = frame.language
    if frame.dated is not None:
        properties.created = properties.modified = datetime.combine(frame.dated, NINE)
        return
    element = properties._element
    for name in ("created", "modified"):
        for child in element.findall(qn(f"dcterms:{name}")):
            element.remove(child)
