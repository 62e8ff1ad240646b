import csv
import io

import openpyxl
from openpyxl.styles import Font

from odoo import http
from odoo.http import content_disposition, request

from ..tariff.writing import HEADER, as_texts, rows

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class PostageGrid(http.Controller):
    """A grid as a file that can be imported again."""

    @http.route(
        '/beepost/postage/grid/<int:grid_id>.<any("csv","xlsx"):kind>',
        type="http",
        auth="user",
        readonly=True,
    )
    def download(self, grid_id, kind):
        grid = request.env["beepost.postage.grid"].search([("id", "=", grid_id)])
        if not grid:
            raise request.not_found()
        made = request.env["beepost.postage"]._room_grid(grid)
        table = [HEADER, *rows(made, grid.currency_id.name)]
        content = as_csv(table) if kind == "csv" else as_xlsx(table)
        name = f"{grid.name}.{kind}".replace("/", "-")
        return request.make_response(
            content,
            headers=[
                ("Content-Type", XLSX if kind == "xlsx" else "text/csv; charset=utf-8"),
                ("Content-Disposition", content_disposition(name)),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "no-store"),
            ],
        )


def as_csv(table):
    """Semicolons and a byte order mark: what a French Excel opens right by itself."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(
        map(as_texts, table)
    )
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(table):
    """Numbers as numbers, exactly as they are, and days as days."""
    book = openpyxl.Workbook()
    sheet = book.active
    for number, cells in enumerate(table, 1):
        for position, value in enumerate(cells, 1):
            if value in (None, ""):
                continue
            cell = sheet.cell(number, position, value)
            if number == 1:
                cell.font = Font(bold=True)
            elif isinstance(value, str):
                cell.data_type = "s"  # never a formula, whatever it begins with
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
