import tempfile

from odoo import http
from odoo.http import content_disposition, request

CHUNK = 256 * 1024


class BeepostExport(http.Controller):
    """The file of an export, made while its administrator waits."""

    @http.route(
        "/beepost/export/<int:export_id>", type="http", auth="user", readonly=False
    )
    def download(self, export_id):
        asked = request.env["beepost.export"].browse(export_id).exists()
        if not asked:
            raise request.not_found()
        export = asked._require_own()
        # Without a name: gone with the answer, whatever becomes of it.
        file = tempfile.TemporaryFile()
        try:
            handed_over = request.env["beepost.export.file"]._write(export, file)
        except BaseException:
            file.close()
            raise
        size = file.seek(0, 2)
        file.seek(0)
        response = request.make_response(
            _chunks(file, handed_over),
            headers=[
                ("Content-Type", "application/zip"),
                ("Content-Length", size),
                ("Content-Disposition", content_disposition(export._file_name())),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "no-store"),
            ],
        )
        response.call_on_close(file.close)
        return response


def _chunks(file, handed_over):
    """A browser that goes away in between has nothing, and nothing is noted: the
    server stops asking for more."""
    while chunk := file.read(CHUNK):
        yield chunk
    handed_over()
