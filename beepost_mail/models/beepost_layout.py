import re
from functools import lru_cache

from lxml import html
from PIL import ImageFont

from odoo import api, models

from ..letter.address_sheet import FONT_FILE
from ..letter.profile import A4_WIDTH_MM, DEFAULT

MM_PER_PT = 25.4 / 72
# White at the sides and the top of every page, and between neighbours, in mm.
SIDE, EDGE, GAP = 10.0, 8.0, 2.0
# Room between the window's edge and the first letter, in mm.
PAD = 0.5
# Parts of the font size that accented capitals and descenders take.
ASCENT, DESCENT = 0.98, 0.22
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
    def _get_page(self, company, record, address, paperformat=None):
        """Styles and texts of one document, for ``external_layout_window``.

        :param record: what is printed, if it is a record
        :param address: HTML of the address block that the report made, or nothing
        :param paperformat: the report's own, if it has one
        :return: dict: the lines in the window (``lines``), the others of the block
            (``rest_lines``), and a CSS text for each place on the page
        """
        profile = self._get_profile(company)
        # As ir.actions.report.get_paperformat: the user's company, not the record's.
        paper = _Paper(paperformat or self.env.company.paperformat_id)
        lines, rest = self._split_address(company, record, address)
        end = max(
            profile.quiet.bottom,
            profile.window.top + len(lines) * profile.leading_pt * MM_PER_PT,
        )
        head = max(0.0, end + GAP - paper.top) if lines else 0.0
        return {
            **_styles(profile, paper),
            "head": f"padding-bottom: {paper.length(head)};",
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
        never another one; without such a partner all of the block is the address. An
        address that cannot be posted prints as the report has it.

        :return: (lines in the window, other lines)
        """
        shown = _text_lines(address)
        addressee, known = self.env["res.partner"], []
        for partner in self._get_partners(record):
            lines = self._get_contact_lines(partner)
            if len(lines) > len(known) and set(lines) <= set(shown):
                addressee, known = partner, lines
        if not addressee:
            return shown, []
        composed, _findings = addressee._beepost_address()
        rest = [line for line in shown if line not in known]
        return list(composed.lines if composed else known), rest

    @api.model
    def _get_partners(self, record):
        if not isinstance(record, models.BaseModel) or len(record) != 1:
            return self.env["res.partner"]
        return record._mail_get_partners(introspect_fields=True)[record.id].sudo()

    @api.model
    def _get_contact_lines(self, partner):
        """A partner's name and address as reports print them, in their language."""
        widget = partner.env["ir.qweb.field.contact"]
        options = {"fields": ["name", "address"], "no_marker": True}
        return _text_lines(widget.value_to_html(partner, options))


class _Paper:
    """Lengths on the sheet as percentages of the printed width."""

    def __init__(self, paperformat):
        self.left = paperformat.margin_left
        self.top = paperformat.margin_top
        sheet = paperformat.print_page_width or A4_WIDTH_MM
        self.width = sheet - paperformat.margin_left - paperformat.margin_right

    def length(self, mm):
        return f"{100 * mm / self.width:.3f}%"

    def between(self, left, right):
        """Margins, not a width: those hold for text from right to left as well."""
        before = self.length(left - self.left)
        after = self.length(self.left + self.width - right)
        return f"margin-left: {before}; margin-right: {after};"


def _styles(profile, paper):
    left, right = _free_column(profile.quiet)
    corner = max((z.right + GAP for z in profile.reserved if z.left < SIDE), default=0)
    foot = max(SIDE, corner)
    logo = max(5.0, paper.top - EDGE - GAP)
    return {
        "edge": f"padding-top: {paper.length(EDGE)};",
        "logo": f"padding-bottom: {paper.length(logo)};",
        "column": paper.between(left, right),
        "information": f"float: left; width: {paper.length(right - left)};"
        f" margin-left: {paper.length(left - paper.left)};",
        "rest": paper.between(profile.window.left, A4_WIDTH_MM - SIDE),
        "body": paper.between(SIDE, A4_WIDTH_MM - SIDE),
        "footer": paper.between(foot, A4_WIDTH_MM - foot),
    }


def _free_column(quiet):
    """Left and right edge of the wider column beside the quiet zone."""
    before = (SIDE, quiet.left - GAP)
    after = (quiet.right + GAP, A4_WIDTH_MM - SIDE)
    return max(before, after, key=lambda column: column[1] - column[0])


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
