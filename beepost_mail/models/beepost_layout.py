import re
from functools import lru_cache

from lxml import html
from PIL import ImageFont

from odoo import api, models

from ..letter.address_sheet import FONT_FILE
from ..letter.profile import A4_WIDTH_MM, DEFAULT

MM_PER_PT = 25.4 / 72
# White around the text of a page, and between neighbours, in mm.
SIDE, EDGE, GAP = 10.0, 8.0, 2.0
# Room between the window's edge and the first letter.
PAD = 0.5
# Parts of the font size that accented capitals and descenders take.
ASCENT, DESCENT = 0.94, 0.24
BLOCKS = {"address", "br", "div", "h1", "h2", "h3", "li", "p", "table", "td", "tr"}


class BeepostLayout(models.AbstractModel):
    """Where things stand in the document layout *Window envelope*.

    wkhtmltopdf has no dependable millimetres: a CSS mm is 0.8 to 1.28 mm on paper,
    depending on its version, on the paper format's resolution and on how wide the
    widest table is. What is dependable, in 0.12.3 to 0.12.6, is the width of the page:
    so every length here is a percentage of that width (vertical ones are paddings,
    which CSS measures against the width too), and the address is an SVG as wide as
    the page, whose units are hundredths of a millimetre.
    """

    _name = "beepost.layout"
    _description = "Window Envelope Layout"

    @api.model
    def _get_page(self, company, record, address):
        """Styles and window lines of one document.

        :param record: what is printed, if it is a record
        :param address: HTML of the address block that the report made, or nothing
        :return: dict for the template ``external_layout_window``
        """
        profile = self._get_profile(company)
        paper = _Paper(self.env.company.paperformat_id)
        lines, rest = self._split_address(company, record, address)
        left, width = _free_column(profile.quiet)
        column = f"margin-left: {paper.x(left)}; width: {paper.length(width)};"
        bottom = max(
            profile.quiet.bottom,
            profile.window.top + len(lines) * profile.leading_pt * MM_PER_PT,
        )
        head = max(0.0, bottom + GAP - paper.top) if lines else 0.0
        corner = max(
            (zone.right + GAP for zone in profile.reserved if zone.left < SIDE),
            default=SIDE,
        )
        return {
            "column": column,
            "edge": f"padding-top: {paper.length(EDGE)};",
            "logo": f"padding-bottom: {paper.length(max(5.0, paper.top - EDGE - 3))};",
            "head": f"padding-bottom: {paper.length(head)};",
            "sides": f"padding: 0 {paper.x(SIDE)};",
            "information": f"float: left; {column}",
            "rest": f"margin-left: {paper.x(profile.window.left)};",
            "footer": f"margin: 0 {paper.x(max(SIDE, corner))}; padding-top: 1%;"
            " font-size: 75%; line-height: 1.25;",
            "view_box": f"0 0 {paper.width * 100:.0f} {head * 100:.0f}",
            "font_size": f"{profile.font_size_pt * MM_PER_PT * 100:.1f}",
            "lines": _placed(lines, profile, paper),
            "rest_lines": rest,
        }

    @api.model
    def _get_profile(self, company):
        profile = company._beepost_account().profile_id
        return profile._as_room_profile() if profile else DEFAULT

    @api.model
    def _split_address(self, company, record, address):
        """What goes in the window and what must stand elsewhere.

        A report's address block holds more than an address: tax ID, SIRET, telephone.
        The addressee is the record's partner whose name and address the block shows,
        never another one; without such a partner all of the block is the address.

        :return: (lines in the window, other lines)
        """
        shown = _text_lines(address)
        best, known = self.env["res.partner"], []
        for partner in self._get_partners(record):
            lines = _text_lines(
                self.env["ir.qweb.field.contact"]
                .with_context(lang=partner.env.context.get("lang"))
                .value_to_html(
                    partner, {"fields": ["name", "address"], "no_marker": True}
                )
            )
            if len(lines) > len(known) and set(lines) <= set(shown):
                best, known = partner, lines
        if not best:
            return shown, []
        composed, _findings = best._beepost_address()
        rest = [line for line in shown if line not in known]
        return list(composed.lines if composed else known), rest

    @api.model
    def _get_partners(self, record):
        if not isinstance(record, models.BaseModel) or len(record) != 1:
            return self.env["res.partner"]
        return record._mail_get_partners(introspect_fields=True)[record.id].sudo()


class _Paper:
    """Lengths on the sheet as percentages of the printed width.

    :param paperformat: the company's, as ``ir.actions.report.get_paperformat`` takes it
    """

    def __init__(self, paperformat):
        self.left = paperformat.margin_left
        self.top = paperformat.margin_top
        self.width = (
            (paperformat.print_page_width or A4_WIDTH_MM)
            - paperformat.margin_left
            - paperformat.margin_right
        )

    def length(self, mm):
        return f"{100 * mm / self.width:.3f}%"

    def x(self, mm):
        """A distance from the left edge of the sheet."""
        return self.length(mm - self.left)


def _free_column(quiet):
    """Left edge and width of the wider column beside the quiet zone."""
    before = (SIDE, quiet.left - GAP - SIDE)
    after = (quiet.right + GAP, A4_WIDTH_MM - SIDE - quiet.right - GAP)
    return max(before, after, key=lambda column: column[1])


def _placed(lines, profile, paper):
    """The lines in hundredths of a millimetre, in the middle of the window.

    Each gets the width that it has in our own font, at most the window's: fonts differ
    from machine to machine, and screen hinting alone adds a tenth to small capitals.
    """
    size = profile.font_size_pt * MM_PER_PT
    leading = profile.leading_pt * MM_PER_PT
    window = profile.window
    block = (len(lines) - 1) * leading + (ASCENT + DESCENT) * size
    spare = max(0.0, window.bottom - window.top - block)
    first = window.top + spare / 2 + ASCENT * size - paper.top
    room = window.right - window.left - 2 * PAD
    return [
        {
            "text": line,
            "x": round(100 * (window.left + PAD - paper.left)),
            "y": round(100 * (first + number * leading)),
            "length": round(100 * min(room, size * _em_width(line))),
        }
        for number, line in enumerate(lines)
    ]


@lru_cache(maxsize=1)
def _font():
    return ImageFont.truetype(str(FONT_FILE), 1000)


def _em_width(line):
    return _font().getlength(line) / 1000


def _text_lines(markup):
    """What a reader sees of some HTML: one string for each line that is not empty."""
    if not markup:
        return []
    root = html.fragment_fromstring(str(markup), create_parent="div")
    for node in root.iter():
        node.text = re.sub(r"\s+", " ", node.text or "")
        node.tail = re.sub(r"\s+", " ", node.tail or "")
        if node.tag in BLOCKS:
            node.text = "\n" + node.text
            node.tail = "\n" + node.tail
    lines = (line.strip() for line in root.text_content().split("\n"))
    return [line for line in lines if line]
