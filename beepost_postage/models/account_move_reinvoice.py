from decimal import Decimal

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..tariff.money import CENT, HUNDRED, exact, rounded, text

SHOWN = 10  # letters named on a line


class AccountMove(models.Model):
    """Postage on a customer's draft invoice. A posted one is never touched."""

    _inherit = "account.move"

    beepost_to_charge_count = fields.Integer(
        string="Letters whose postage can be added",
        compute="_compute_beepost_to_charge_count",
        groups="beepost_mail.group_user",
    )

    @api.depends(
        *("state", "move_type", "partner_id", "company_id"),
        "invoice_line_ids.is_beepost_postage",
    )
    @api.depends_context("uid")
    def _compute_beepost_to_charge_count(self):
        for move in self:
            move.beepost_to_charge_count = len(move._beepost_chargeable())

    def _beepost_terms(self):
        """The company whose terms hold, as superuser: a branch that posts through a
        company above it invoices postage as that one does."""
        return self.company_id._beepost_house()

    def _beepost_chargeable(self):
        """Letters of this invoice's customer whose postage can be added to it now, as
        far as the user may see them.

        A disbursement is what was really paid: a letter waits for the provider's bill.
        """
        self.ensure_one()
        none = self.env["beepost.mailing"]
        terms = self._beepost_terms()
        mode, since = terms.beepost_reinvoice, terms.beepost_reinvoice_since
        partner = self.commercial_partner_id
        if (
            mode == "no"
            or not partner
            or self.state != "draft"
            or self.move_type != "out_invoice"
            or not none.has_access("read")
        ):
            return none
        letters = none.search(
            none._reinvoice_domain(self.company_id, partner, since)
        )._for_customers()
        if mode == "debours":
            letters = letters._under_mandate(partner, self.company_id)
            letters = letters.filtered(lambda letter: letter._is_paid())
        else:  # unpriced ones once they have their price
            letters = letters.filtered("postage_grid_id")
        return letters.sorted("id")

    # ------------------------------------------------------------------
    # Add it
    # ------------------------------------------------------------------

    def action_beepost_add_postage(self):
        """Adds the postage of letters of each of these invoices' customers that stands
        on no invoice yet. Of two invoices for one customer the first one gets it; of
        many, those without postage to add stay as they are."""
        if len(self) == 1:
            self._beepost_add_postage()
            return True
        done = self.browse()
        for move in self:
            if move._beepost_chargeable():
                move._beepost_add_postage()
                done |= move
        if not done:
            raise UserError(
                self.env._("There is no postage to add to any of these invoices.")
            )
        return True

    def _beepost_add_postage(self):
        self.ensure_one()
        self.check_access("write")
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(
                self.env._("Whoever invoices may add postage to an invoice.")
            )
        letters = self._beepost_chargeable()
        if not letters:
            raise UserError(self._beepost_why_nothing())
        # Whoever adds them to another invoice at this moment finds them taken.
        letters = letters.sudo()
        if letters.try_lock_for_update() != letters:
            raise UserError(
                self.env._(
                    "Somebody else is at work on one of these letters. Try again in a"
                    " minute."
                )
            )
        euro = letters.currency_id
        if self.currency_id != euro:
            raise UserError(
                self.env._(
                    "Postage is in %(postage)s, this invoice in %(invoice)s: add it to"
                    " an invoice in %(postage)s.",
                    postage=", ".join(euro.mapped("name")),
                    invoice=self.currency_id.name,
                )
            )
        mode = self._beepost_terms().beepost_reinvoice
        parts = [letters] if mode == "charge" else list(letters)
        for part in parts:
            self._beepost_add_line(part, mode)
        self._message_log(
            body=self.env._(
                "%(user)s added the postage of %(count)s letters.",
                user=self.env.user.name,
                count=len(letters),
            )
        )

    def _beepost_why_nothing(self):
        env = self.env
        if self.state != "draft" or self.move_type != "out_invoice":
            return env._("Postage is added to draft customer invoices only.")
        mode = self._beepost_terms().beepost_reinvoice
        if mode == "no":
            return env._(
                "Postage is not invoiced to customers: an administrator may change that"
                " in the settings of the post."
            )
        if mode == "debours":
            return env._(
                "There is no postage to pass on: %(partner)s has no mandate, or the"
                " letters under it are not billed yet, or nothing was paid for them, or"
                " they stand on an invoice already.",
                partner=self.commercial_partner_id.name or "?",
            )
        return env._(
            "There is no postage to add: no letter to %(partner)s has left whose"
            " postage does not stand on an invoice already. Reminders and practice"
            " letters are never charged, nor what left before %(day)s, nor other than"
            " customer documents, unless a person marked the letter.",
            partner=self.commercial_partner_id.name or "?",
            day=format_date(env, self._beepost_terms().beepost_reinvoice_since),
        )

    def _beepost_add_line(self, letters, mode):
        amounts = {letter: self._beepost_amounts(letter, mode) for letter in letters}
        total = rounded(sum(amount for _cost, amount in amounts.values()), CENT)
        line = (
            self.env["account.move.line"]
            .with_context(lang=self.partner_id.lang)
            .create(self._prepare_beepost_line_vals(letters, mode, total))
        )
        self.env["beepost.postage.reinvoice"].sudo().create(
            [
                {
                    "mailing_id": letter.id,
                    "move_line_id": line.id,
                    "mode": mode,
                    "proof": self._beepost_proof(letter) if mode == "debours" else "",
                    "exact_cost": text(cost),
                    "exact_amount": text(amount),
                }
                for letter, (cost, amount) in amounts.items()
            ]
        )
        return line

    def _beepost_amounts(self, letter, mode):
        """:return: (what the letter cost, what the customer pays), exact ``Decimal``"""
        if mode == "debours":
            # What was paid in the customer's name, its tax included, and no cent more.
            _untaxed, paid = letter._exact_billed()
            return paid, paid
        company = self._beepost_terms()
        cost = exact(letter.quote["untaxed"])
        if company.beepost_reinvoice_by == "fixed":
            return cost, Decimal(repr(company.beepost_reinvoice_price))
        margin = Decimal(repr(company.beepost_reinvoice_margin))
        return cost, cost * (HUNDRED + margin) / HUNDRED

    def _prepare_beepost_line_vals(self, letters, mode, total):
        env = self.with_context(lang=self.partner_id.lang).env
        if mode == "debours":
            name = env._(
                "Postage paid in your name and on your behalf (débours): letter"
                " %(letter)s of %(day)s, proof: %(proof)s",
                letter=letters.name,
                day=format_date(env, letters.priced_for),
                proof=self._beepost_proof(letters),
            )
            taxes = self.env["account.tax"]
        else:
            names = ", ".join(letters[:SHOWN].mapped("name"))
            name = env._(
                "Shipping and handling (ports et frais accessoires): %(count)s"
                " letters (%(names)s)",
                count=len(letters),
                names=names + (" …" if len(letters) > SHOWN else ""),
            )
            taxes = self._beepost_main_taxes()
        account = self._beepost_terms()._beepost_reinvoice_account(mode)
        return {
            "move_id": self.id,
            "name": name,
            "quantity": 1,
            "price_unit": total,
            "account_id": account.id,
            "tax_ids": [Command.set(taxes.ids)],
            "is_beepost_postage": True,
        }

    def _beepost_proof(self, letter):
        statements = letter.bill_line_ids.statement_id
        bills = ", ".join(
            statement.bill_id.ref or statement.bill_id.name or statement.name
            for statement in statements
        )
        return f"{letter.provider_reference or letter.client_reference}, {bills}"

    def _beepost_main_taxes(self):
        """What is accessory bears the tax of the main supply: of the greatest line."""
        lines = self.invoice_line_ids.filtered(
            lambda line: line.display_type == "product" and not line.is_beepost_postage
        )
        if not lines:
            raise UserError(
                self.env._(
                    "Enter what you invoice first: postage bears the tax of the main"
                    " supply."
                )
            )
        return lines.sorted(lambda line: -abs(line.price_subtotal))[:1].tax_ids

    # ------------------------------------------------------------------
    # What becomes of the invoice
    # ------------------------------------------------------------------

    def button_cancel(self):
        """A cancelled invoice charges nothing: its letters are free for another one."""
        result = super().button_cancel()
        self.line_ids.sudo().beepost_reinvoice_ids.unlink()
        return result

    def button_draft(self):
        """Taken up again after it was cancelled, an invoice must not charge letters
        that may stand on another one by now: their line goes, and can be added anew."""
        cancelled = self.filtered(lambda move: move.state == "cancel")
        result = super().button_draft()
        stale = cancelled.invoice_line_ids.filtered(
            lambda line: (
                line.is_beepost_postage and not line.sudo().beepost_reinvoice_ids
            )
        )
        for move in stale.move_id:
            move._message_log(
                body=self.env._(
                    "The line of postage was removed: its letters may stand on another"
                    " invoice. Add postage again if need be."
                )
            )
        stale.unlink()
        return result

    def copy_data(self, default=None):
        """Another invoice for the same charges no letter a second time; a credit note
        gives the postage back."""
        vals_list = super().copy_data(default)
        if (default or {}).get("reversed_entry_id"):
            return vals_list
        for vals in vals_list:
            if "line_ids" in vals:
                vals["line_ids"] = [
                    command
                    for command in vals["line_ids"]
                    if not (len(command) > 2 and _is_postage(command[2]))
                ]
        return vals_list


def _is_postage(vals):
    return isinstance(vals, dict) and vals.get("is_beepost_postage")
