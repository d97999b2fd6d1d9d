"""The named styles of our Word files: what an officer changes to change the look of a paper."""

from collections.abc import Iterator
from html import escape

from peerplan.render.word.markup import ASKED_FILL, HANG, KEEP, LABEL_FILL, LINE, MM, indent

FONT = "Arial"
SOFT = "3D4751"
ALARM = "A31621"


def fonts() -> str:
    """The property of a run that sets our type for every script."""
    return f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:eastAsia="{FONT}" w:cs="{FONT}"/>'


def defaults(language: str) -> str:
    """What every paragraph begins with."""
    told = escape(language)
    return (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{fonts()}{size(11)}"
        f'<w:lang w:val="{told}" w:eastAsia="{told}" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        f"<w:pPrDefault><w:pPr>{spacing(after=6, line=1.12)}</w:pPr></w:pPrDefault>"
        "</w:docDefaults>"
    )


def size(points: float) -> str:
    """The size of a run, in points."""
    return f'<w:sz w:val="{round(points * 2)}"/><w:szCs w:val="{round(points * 2)}"/>'


def spacing(*, before: float = 0, after: float = 0, line: float = 1.0) -> str:
    """The room round a paragraph in points, and its lines' height in lines."""
    return (
        f'<w:spacing w:before="{round(before * 20)}" w:after="{round(after * 20)}" '
        f'w:line="{round(line * 240)}" w:lineRule="auto"/>'
    )


def bold(colour: str = "", points: float = 0) -> str:
    """A bold run, in a colour and a size of its own if given."""
    told = f'<w:color w:val="{colour}"/>' if colour else ""
    return f"<w:b/><w:bCs/>{told}{size(points) if points else ''}"


def soft(points: float) -> str:
    """A quiet run: smaller and grey."""
    return f'<w:color w:val="{SOFT}"/>{size(points)}'


def edge(side: str, colour: str, eighths: int, space: int = 4) -> str:
    """A line at one side of a paragraph or a table."""
    return f'<w:{side} w:val="single" w:sz="{eighths}" w:space="{space}" w:color="{colour}"/>'


def boxed(colour: str, left: int = 6) -> str:
    """Lines round a paragraph, the left one as thick as told, in eighths of a point."""
    sides = (("top", 6), ("left", left), ("bottom", 6), ("right", 6))
    return f"<w:pBdr>{''.join(edge(side, colour, eighths) for side, eighths in sides)}</w:pBdr>"


def shade(fill: str) -> str:
    """The ground of a paragraph or a cell."""
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>'


def style(
    name: str,
    *,
    ident: str = "",
    based: str = "Normal",
    after: str = "",
    paragraphs: str = "",
    runs: str = "",
    is_ours: bool = True,
) -> str:
    """A paragraph style; `after` is the style of the paragraph that follows one of it."""
    ident = ident or "".join(word.capitalize() for word in name.replace("-", " ").split())
    custom = ' w:customStyle="1"' if is_ours else ""
    follows = f'<w:next w:val="{after}"/>' if after else ""
    return (
        f'<w:style w:type="paragraph"{custom} w:styleId="{ident}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="{based}"/>{follows}<w:qFormat/>'
        f"<w:pPr>{paragraphs}</w:pPr><w:rPr>{runs}</w:rPr></w:style>"
    )


BUILT_IN = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
    "<w:qFormat/></w:style>"
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
    '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
    '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
    "<w:semiHidden/></w:style>"
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    '<w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
    '<w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/>'
    '<w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    "</w:style>"
)


# Lists without numbers: their styles, and how far in their texts and their bullets stand. All
# numbers are texts, so that they are the same in every face of a paper.
BULLETS = {"ListBullet": (360, 360), "ListBullet2": (HANG + 360, 360), "TableBullet": (284, 284)}


def bullets(ident: str) -> str:
    """The properties of a style of bullets."""
    number = list(BULLETS).index(ident) + 1
    return f'<w:numPr><w:numId w:val="{number}"/></w:numPr>{indent(*BULLETS[ident])}'


def all_lists() -> str:
    """The whole content of the part of lists."""
    kinds, lists = [], []
    for number, (ident, place) in enumerate(BULLETS.items(), start=1):
        kinds.append(
            f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="singleLevel"/>'
            '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/>'
            f'<w:pStyle w:val="{ident}"/><w:lvlText w:val="•"/><w:lvlJc w:val="left"/>'
            f"<w:pPr>{indent(*place)}</w:pPr><w:rPr>{fonts()}</w:rPr></w:lvl></w:abstractNum>"
        )
        lists.append(f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>')
    return "".join((*kinds, *lists))


def paragraph_styles(brand: str) -> Iterator[str]:
    """Word's own styles that we use, made ours, and then our own."""
    strong, item = bold(brand), round(9 * MM)
    yield style(
        "Title",
        after="Normal",
        paragraphs=KEEP + spacing(after=8),
        runs=bold(brand, 19),
        is_ours=False,
    )
    levels = ((1, 13, 16, 5), (2, 11.5, 10, 4), (3, 11, 8, 3))
    for level, points, before, below in levels:
        yield style(
            f"heading {level}",
            ident=f"Heading{level}",
            after="Normal",
            paragraphs=(
                f"{KEEP}<w:keepLines/>{spacing(before=before, after=below)}"
                f'<w:outlineLvl w:val="{level - 1}"/>'
            ),
            runs=bold(brand, points),
            is_ours=False,
        )
    for name in ("List Bullet", "List Bullet 2"):
        room = f"{bullets(name.replace(' ', ''))}<w:contextualSpacing/>"
        yield style(name, paragraphs=room, is_ours=False)
    tabs = "<w:tabs>{}</w:tabs>"
    right = tabs.format('<w:tab w:val="right" w:pos="{right}"/>')
    yield style("header", ident="Header", runs=bold(ALARM, 9), is_ours=False)
    yield style("footer", ident="Footer", paragraphs=right, runs=soft(8.5), is_ours=False)

    yield style("Council name", paragraphs=spacing(after=1), runs=bold(brand, 14))
    yield style("Meeting", paragraphs=spacing(after=1), runs=bold(points=11))
    line = f"<w:pBdr>{edge('bottom', brand, 18, 6)}</w:pBdr>"
    yield style("Masthead end", based="Meeting", paragraphs=line + spacing(after=14))
    yield style("Kicker", paragraphs=KEEP + spacing(after=2), runs=bold("0B4F8A", 11))
    yield style("Marking", paragraphs=boxed(ALARM) + spacing(after=10), runs=bold(ALARM, 11))
    yield style(
        "Notice", paragraphs=boxed("7D5300", 24) + shade("FFF6D6") + spacing(after=10, line=1.1)
    )
    yield style("Lead", paragraphs=spacing(after=8, line=1.1), runs=size(12))

    yield style("Numbered paragraph", paragraphs=indent(HANG, HANG))
    yield style("Indented paragraph", paragraphs=indent(HANG))
    yield style("Numbered recommendation", based="NumberedParagraph", runs=bold())
    box = f"<w:pBdr>{edge('left', brand, 32, 8)}</w:pBdr>{shade(ASKED_FILL)}"
    yield style(
        "Recommendation lead-in",
        paragraphs=KEEP + box + indent(round(3 * MM)),
        runs=bold(),
    )
    yield style("Recommendation", paragraphs=box + indent(round(3 * MM) + item, item))
    yield style("Numbered item", paragraphs=indent(HANG, HANG))
    yield style("Sign-off", paragraphs=spacing(after=4), runs=bold(SOFT, 9.5))
    yield style("Fact", paragraphs=spacing(after=2))
    yield style("Appendix entry", paragraphs=spacing(after=3))
    yield style("Note", paragraphs=spacing(after=2), runs=soft(9.5))

    small = size(10)
    yield style("Table text", paragraphs=spacing(after=2, line=1.05), runs=small)
    yield style("Table label", based="TableText", runs=strong)
    yield style("Table label reversed", based="TableText", runs=bold("FFFFFF"))
    yield style("Table heading", based="TableText", paragraphs=KEEP, runs=bold("FFFFFF"))
    yield style("Table lead-in", based="TableText", paragraphs=KEEP, runs=bold())
    yield style("Table item", based="TableText", paragraphs=indent(round(7 * MM), round(7 * MM)))
    yield style("Table bullet", based="TableText", paragraphs=bullets("TableBullet"))
    yield style("Table sign-off", based="TableText", runs=bold(SOFT, 9))
    yield style("Table aside", based="TableText", runs=soft(8.5))
    yield style("Table marking", based="TableText", runs=bold(ALARM, 8.5))
    yield style("Table title", paragraphs=KEEP + spacing(before=8, after=3), runs=bold(points=10.5))
    yield style("After table", paragraphs=spacing(after=4), runs=size(4))


def table_style(name: str, ident: str, parts: str, *, borders: str) -> str:
    """A table style; `parts` are the looks of its head, its labels and its total."""
    margins = "".join(
        f'<w:{side} w:w="{width}" w:type="dxa"/>'
        for side, width in (("top", 60), ("left", 100), ("bottom", 40), ("right", 100))
    )
    return (
        f'<w:style w:type="table" w:customStyle="1" w:styleId="{ident}"><w:name w:val="{name}"/>'
        '<w:basedOn w:val="TableNormal"/><w:qFormat/><w:tblPr>'
        f"<w:tblBorders>{borders}</w:tblBorders><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>"
        f"{parts}</w:style>"
    )


def look(part: str, *, runs: str = "", cells: str = "") -> str:
    """How one part of a table looks: "firstRow", "firstCol", "lastRow"."""
    looks = f"<w:rPr>{runs}</w:rPr><w:tcPr>{cells}</w:tcPr>"
    return f'<w:tblStylePr w:type="{part}">{looks}</w:tblStylePr>'


def table_styles(brand: str) -> Iterator[str]:
    """Tables with a head, tables of labels, and the row of facts."""
    rules = edge("bottom", LINE, 4, 0) + edge("insideH", LINE, 4, 0)
    total = f"<w:tcBorders>{edge('top', brand, 12, 0)}{edge('bottom', brand, 12, 0)}</w:tcBorders>"
    yield table_style(
        "PeerPlan table",
        "PeerPlanTable",
        look("firstRow", runs=bold("FFFFFF"), cells=shade(brand))
        + look("lastRow", runs=bold(), cells=total)
        + look("firstCol", runs=bold(brand)),
        borders=rules,
    )
    ends = edge("top", brand, 12, 0) + edge("bottom", brand, 6, 0) + edge("insideH", LINE, 4, 0)
    yield table_style(
        "PeerPlan labels",
        "PeerPlanLabels",
        look("firstCol", runs=bold(brand), cells=shade(LABEL_FILL)),
        borders=ends,
    )
    yield table_style(
        "PeerPlan facts",
        "PeerPlanFacts",
        look("firstRow", runs=bold(SOFT)),
        borders=edge("top", brand, 12, 0),
    )


def all_styles(brand: str, language: str, right: int) -> str:
    """The whole content of the part of styles; `right` is where the foot's page number ends."""
    ours = "".join((*paragraph_styles(brand), *table_styles(brand)))
    return defaults(language) + BUILT_IN + ours.replace("{right}", str(right))
