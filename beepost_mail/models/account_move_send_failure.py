import logging

from odoo import api, models

from .beepost_outbox import CONCURRENCY_ERRORS

_logger = logging.getLogger(__name__)


class AccountMoveSend(models.AbstractModel):
    """Invoices whose PDF core cannot make in the background: nobody sits before a
    screen, so that the invoice's chatter and its author are told."""

    _inherit = "account.move.send"

    @api.model
    def _prepare_invoice_pdf_report(self, invoices_data):
        # EXTENDS 'account': an invoice that cannot be printed ends core's scheduled
        # action at each try, and all of its lot would wait behind it for ever.
        ours = {
            move: move_data
            for move, move_data in invoices_data.items()
            if move._beepost_is_ordered()
        }
        others = {
            move: move_data
            for move, move_data in invoices_data.items()
            if move not in ours
        }
        render = super()._prepare_invoice_pdf_report
        if ours:
            self._beepost_render(render, ours)
        return render(others) if others else None

    @api.model
    def _beepost_render(self, render, invoices_data):
        """:param render: core's own way to make the PDFs of such ``invoices_data``"""
        try:
            with self.env.cr.savepoint():
                render(invoices_data)
            return
        except CONCURRENCY_ERRORS:
            raise  # the scheduled action tries again
        except Exception:
            _logger.exception("PDFs could not be made together, now one by one")
        for move, move_data in invoices_data.items():
            try:
                with self.env.cr.savepoint():
                    render({move: move_data})
            except CONCURRENCY_ERRORS:
                raise
            except Exception as error:
                _logger.exception("No PDF could be made of %s", move)
                move_data["error"] = {
                    "error_title": self._beepost_author_env(move_data)._(
                        "The PDF of this invoice could not be made."
                    ),
                    "errors": [str(error)],
                }

    @api.model
    def _hook_if_errors(self, moves_data, allow_raising=True):
        # EXTENDS 'account'
        result = super()._hook_if_errors(moves_data, allow_raising=allow_raising)
        for move, move_data in moves_data.items():
            # Without an order in the background someone reads core's own words.
            if (
                "beepost" in move_data["sending_methods"]
                and move.sending_data
                and not move_data["error"].get("retry")
            ):
                self._beepost_tell_not_made(move, move_data)
        return result

    @api.model
    def _beepost_tell_not_made(self, move, move_data):
        """Never raises: the PDFs of the whole batch would go with it."""
        env = self._beepost_author_env(move_data)
        try:
            with self.env.cr.savepoint():
                move._message_log(
                    body=env._(
                        "Not sent by post: the PDF of this invoice could not be made."
                        " Correct what kept it from being made, then send again."
                    )
                )
                move.with_env(env(su=True)).activity_schedule(
                    "mail.mail_activity_data_warning",
                    summary=env._("Not sent by post: %(name)s", name=move.name),
                    note=env._("The chatter of the invoice says what is wrong."),
                    user_id=move_data["author_user_id"],
                )
        except CONCURRENCY_ERRORS:
            raise
        except Exception:
            _logger.exception("Nobody could be told about %s", move)

    @api.model
    def _beepost_author_env(self, move_data):
        """In the language of who ordered: the scheduled action speaks none."""
        author = self.env["res.users"].browse(move_data["author_user_id"]).sudo()
        return self.with_context(lang=author.lang).env
