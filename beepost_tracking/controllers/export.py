import tempfile

from werkzeug.wsgi import wrap_file

from odoo import http
from odoo.http import content_disposition, request


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
            request.env["beepost.export.file"]._write(export, file)
        except BaseException:
            file.close()
            raise
        size = file.seek(0, 2)
        file.seek(0)
        response = request.make_response(
            wrap_file(request.httprequest.environ, file),
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
