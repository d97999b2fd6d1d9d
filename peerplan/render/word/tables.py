"""Tables of counts, which reports and appendices have in common."""

from collections.abc import Sequence

from peerplan.render.appendix import RatingMeaning, Status
from peerplan.render.charts import ORDER, StackedBar, stacked_table
from peerplan.render.word import markup
from peerplan.render.word.markup import KEEP, RIGHT, chip, paragraph, parted, run

# Shares of the width: a status, a number, the meaning of a status.
STATUS, NUMBER, MEANING = 4.0, 2.0, 7.0
# A single bar's numbers need no more than this, in twentieths of a point.
NARROW = 5200


def bars_table(
    name: str,
    bars: Sequence[StackedBar],
    *,
    width: int,
    brand: str,
    meanings: Sequence[RatingMeaning] = (),
    first_column: str = "Rating",
) -> str:
    """What bars show, a line for each status: told by shape, word and colour, with its meaning.

    The titles of the bars head the columns; of two, the change from the second to the first is
    given as well. The table is short: no page end cuts it.
    """
    table = stacked_table(name, bars, with_change=True)
    place = {head.key: spot for spot, head in enumerate(table.heads)}
    labels = {head.key: head.label for head in table.heads}
    told = {entry.status.key: entry for entry in meanings}
    labels |= {key: entry.status.label for key, entry in told.items() if key not in labels}
    heads = [first_column, *(line.label for line in table.rows)]
    shares = [STATUS, *(NUMBER for _ in table.rows)]
    if told:
        heads.append("What it means")
        shares.append(MEANING)
    elif len(bars) == 1:
        width = min(width, NARROW)
    columns = parted(width, shares)
    is_number = [share == NUMBER for share in shares]
    rows = [markup.head(heads, columns, brand, is_number)]
    for key in sorted(labels, key=ORDER.index):
        figures = [line.cells[place[key]] if key in place else "0" for line in table.rows]
        cells = [paragraph(chip(Status(key, labels[key])), "TableText", KEEP)]
        cells += [paragraph(run(figure), "TableText", KEEP + RIGHT) for figure in figures]
        if told:
            meaning = run(told[key].meaning if key in told else "")
            cells.append(paragraph(meaning, "TableText", KEEP))
        rows.append(cells_row(cells, columns))
    cells = [paragraph(run(table.total_label), "TableLabel")]
    cells += [paragraph(run(line.total, bold=True), "TableText", RIGHT) for line in table.rows]
    cells += [paragraph("", "TableText")] if told else []
    rows.append(cells_row(cells, columns))
    return markup.table(rows, name=name, widths=columns, has_total=True)


def cells_row(cells: Sequence[str], columns: Sequence[int], *, may_break: bool = False) -> str:
    """A row of contents, each in a cell as wide as its column."""
    held = (
        markup.cell(content, width=width) for content, width in zip(cells, columns, strict=True)
    )
    return markup.row(held, may_break=may_break)
