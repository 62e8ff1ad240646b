import time

from odoo import http
from odoo.http import request

from ..webhook.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, is_genuine

MAX_BODY = 64 * 1024  # bytes; what is in it is not even looked at


class BeepostWebhook(http.Controller):
    """BeePOST says that there is news. It is believed in nothing else: the events are
    read from BeePOST itself, by the scheduled action that this wakes."""

    @http.route(
        "/beepost/webhook/<string:token>",
        type="http",
        auth="none",
        methods=["POST"],
        csrf=False,
        save_session=False,
        readonly=False,
    )
    def news(self, token):
        headers = request.httprequest.headers
        # No length, or a wrong one, and the server would wait for the rest.
        length = request.httprequest.content_length
        if length is None or length > MAX_BODY:
            return request.make_response("", status=413)
        account = request.env["beepost.account"].sudo()._of_webhook(token)
        genuine = is_genuine(
            account._get_webhook_secret(),
            headers.get(TIMESTAMP_HEADER, ""),
            headers.get(SIGNATURE_HEADER, ""),
            request.httprequest.get_data(cache=False),
            time.time(),
        )
        # One answer for every fault: nobody learns which addresses exist.
        if not genuine:
            return request.make_response("", status=403)
        account._trigger_pull()
        return request.make_response("", status=204)
