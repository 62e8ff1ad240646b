import logging

from odoo import api, models

from .beepost_mailing import OPTION_FIELDS

_logger = logging.getLogger(__name__)


class AccountMoveSend(models.AbstractModel):
    _inherit = "account.move.send"

    # ------------------------------------------------------------------
    # Where post is offered
    # ------------------------------------------------------------------

    @api.model
    def _is_applicable_to_company(self, method, company):
        # EXTENDS 'account'
        if method == "beepost":
            return bool(company._beepost_account())
        if method == "snailmail" and company._beepost_account():
            # Two kinds of “by Post” side by side would be one too many.
            return False
        return super()._is_applicable_to_company(method, company)

    @api.model
    def _is_applicable_to_move(self, method, move, **move_data):
        # EXTENDS 'account'
        if method == "beepost":
            # A bad address does not make post vanish from the list: the letter is
            # made, refused with its reason, and can be mended.
            return move.is_sale_document() and bool(move.company_id._beepost_account())
        return super()._is_applicable_to_move(method, move, **move_data)

    @api.model
    def _get_default_sending_methods(self, move) -> set:
        # EXTENDS 'account': *Send by post* chose for this invoice already
        if move._beepost_is_ordered():
            return {"beepost"}
        methods = super()._get_default_sending_methods(move)
        if "snailmail" in methods and move.company_id._beepost_account():
            # The customer wants paper. Who has a BeePOST account posts through it:
            # the other provider, hidden everywhere, must not get letters unseen.
            methods = methods - {"snailmail"} | {"beepost"}
        return methods

    # ------------------------------------------------------------------
    # Options
    # ------------------------------------------------------------------

    @api.model
    def _get_default_sending_settings(self, move, from_cron=False, **custom_settings):
        # EXTENDS 'account'
        settings = super()._get_default_sending_settings(
            move, from_cron=from_cron, **custom_settings
        )
        if "beepost" in settings["sending_methods"]:
            stored = move.sending_data if isinstance(move.sending_data, dict) else {}
            settings["beepost_options"] = {
                **(stored.get("beepost_options") or {}),
                **(custom_settings.get("beepost_options") or {}),
            }
        return settings

    @api.model
    def _display_attachments_widget(self, edi_format, sending_methods):
        # EXTENDS 'account': enclosures travel in the same envelope
        return "beepost" in sending_methods or super()._display_attachments_widget(
            edi_format, sending_methods
        )

    @api.model
    def _beepost_enclosures(self, move, move_data, user):
        """Attachments that ``user`` added in the dialog: they go into the envelope
        behind the invoice. The list comes from the browser: what ``user`` may not read
        is not enclosed.

        :return: (attachments, names of those left out)
        """
        names = {
            int(data["id"]): data.get("name") or ""
            for data in move_data.get("mail_attachments_widget") or []
            if str(data.get("id", "")).isdecimal()
            and data.get("manual")
            and not data.get("skip")
        }
        names.pop(move.invoice_pdf_report_id.id, None)
        asked = self.env["ir.attachment"].with_user(user).browse(names).exists()
        readable = asked._filtered_access("read")
        left_out = [name for id_, name in names.items() if id_ not in readable.ids]
        return readable, left_out

    # ------------------------------------------------------------------
    # Alerts
    # ------------------------------------------------------------------

    def _get_alerts(self, moves, moves_data):
        # EXTENDS 'account'
        alerts = super()._get_alerts(moves, moves_data)
        by_post = moves.filtered(
            lambda move: "beepost" in moves_data[move]["sending_methods"]
        )
        if by_post:
            alerts.update(self.env["beepost.alerts"]._get(by_post))
        return alerts

    # ------------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------------

    @api.model
    def _hook_if_success(self, moves_data, from_cron=False):
        # EXTENDS 'account'
        result = super()._hook_if_success(moves_data, from_cron=from_cron)
        by_post = {
            move: move_data
            for move, move_data in moves_data.items()
            if "beepost" in move_data["sending_methods"]
        }
        per_author = {}
        for move, move_data in by_post.items():
            user_id = move_data.get("author_user_id") or self.env.uid
            per_author.setdefault(user_id, {})[move] = move_data
        for user_id, of_author in per_author.items():
            # What goes wrong is told in the author's language, also by a cron.
            lang = self.env["res.users"].browse(user_id).sudo().lang
            self.with_context(lang=lang)._beepost_make_letters(of_author)
        return result

    @api.model
    def _beepost_make_letters(self, moves_data):
        """Never raises: one exception here would take the PDFs of the whole batch
        with it. What went wrong stands in the invoice's chatter."""
        try:
            with self.env.cr.savepoint():
                self._beepost_post(moves_data)
            return
        except Exception:
            _logger.exception("Letters could not be made together, now one by one")
        for move, move_data in moves_data.items():
            try:
                with self.env.cr.savepoint():
                    self._beepost_post({move: move_data})
            except Exception:
                _logger.exception("No letter could be made for %s", move)
                move._message_log(
                    body=self.env._(
                        "Not sent by post: no letter could be made of this invoice, for"
                        " a reason that your administrator finds in the server's log."
                        " The invoice itself is unharmed."
                    )
                )

    @api.model
    def _beepost_post(self, moves_data):
        per_user = {}
        for move, move_data in moves_data.items():
            if not self._is_applicable_to_move("beepost", move, **move_data):
                move._message_log(
                    body=self.env._(
                        "Not sent by post: only customer invoices and credit notes of a"
                        " company with a BeePOST account can be."
                    )
                )
                continue
            if not move.invoice_pdf_report_id:
                move._message_log(
                    body=self.env._(
                        "Not sent by post: this invoice has no final PDF, and a"
                        " proforma is never posted. Correct what kept the PDF from"
                        " being made, then send again."
                    )
                )
                continue
            user_id = move_data.get("author_user_id") or self.env.uid
            enclosures, left_out = self._beepost_enclosures(
                move, move_data, self.env["res.users"].browse(user_id)
            )
            if left_out:
                move._message_log(
                    body=self.env._(
                        "Not put into the envelope, since the sender may not read it or"
                        " it is gone: %s",
                        ", ".join(left_out),
                    )
                )
            per_user.setdefault(user_id, {})[move] = {
                **{
                    key: value
                    for key, value in (move_data.get("beepost_options") or {}).items()
                    if key in (*OPTION_FIELDS, "lot_id", "planned_at")
                },
                "enclosure_ids": enclosures.ids,
            }
        for user_id, options in per_user.items():
            moves = self.env["account.move"].union(*options)
            moves._beepost_post(options, self.env["res.users"].browse(user_id))
