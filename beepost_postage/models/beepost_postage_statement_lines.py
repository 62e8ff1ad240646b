import hashlib
from collections import Counter

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.beepost_mail.gateway import port

from ..tariff.bill_rows import BillRow
from ..tariff.money import rounded

SLICE = 1000


class BeepostPostageStatement(models.Model):
    """Where the lines of a statement come from: BeePOST itself, or a file.

    The same line never comes in twice, however often and from wherever it is brought:
    a second copy of a month adds nothing.
    """

    _inherit = "beepost.postage.statement"

    def action_fetch(self):
        """Asks BeePOST for the statement of this period."""
        self.ensure_one()
        what = self.env._("Ask BeePOST")
        statement = self._manage(("draft", "compared"), what)
        statement._require_no_bill()
        account = statement.account_id
        since, until = statement.date_from, statement.date_to
        try:
            with account._open_gateway() as gateway:
                costs = gateway.costs(since, until)
        except port.GatewayError as error:
            raise UserError(account.with_env(self.env)._explain(error)) from error
        strays = [cost for cost in costs if not since <= cost.billed_on <= until]
        if strays:
            raise UserError(
                self.env._(
                    "BeePOST answered with a line of %(day)s, which is not within the"
                    " period. Nothing was taken over: ask BeePOST about reference"
                    " %(reference)s.",
                    day=strays[0].billed_on,
                    reference=strays[0].client_reference
                    or strays[0].provider_reference,
                )
            )
        added = statement._add_rows([_bill_row(cost) for cost in costs])
        statement.fetched_at = fields.Datetime.now()
        return statement.with_env(self.env)._tell_added(added, len(costs))

    def action_import(self):
        self.ensure_one()
        self._manage(("draft", "compared"), self.env._("Import a file"))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import a statement"),
            "res_model": "beepost.statement.import",
            "view_mode": "form",
            "target": "new",
            "context": {"default_statement_id": self.id},
        }

    def _tell_added(self, added, total):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if added else "info",
                "title": self.env._("Statement read"),
                "message": self.env._(
                    "%(added)s new lines of %(total)s; the others were there already.",
                    added=added,
                    total=total,
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _add_rows(self, rows):
        """Takes over what is new of these lines, and compares.

        :param rows: list of ``bill_rows.BillRow``
        :return: number of new lines
        """
        self.ensure_one()
        statement = self.sudo()
        letters = statement._find_letters(rows)
        group = self.env["beepost.postage.label"]._reader(statement.company_id)
        vals_list = []
        seen = Counter()
        for row, letter in zip(rows, letters, strict=True):
            vals = statement._prepare_line_vals(row, letter, group(row.label))
            key = _fingerprint(row, letter)
            seen[key] += 1
            vals["fingerprint"] = f"{key}/{seen[key]}"
            vals_list.append(vals)
        Line = self.env["beepost.postage.statement.line"].sudo()
        known = Line._known(
            statement.account_id, [vals["fingerprint"] for vals in vals_list]
        )
        new = [vals for vals in vals_list if vals["fingerprint"] not in known]
        for start in range(0, len(new), SLICE):
            Line.create(new[start : start + SLICE])
        statement._compare()
        return len(new)

    def _prepare_line_vals(self, row, letter, group):
        return {
            "statement_id": self.id,
            "mailing_id": letter.id,
            "client_reference": row.client_reference or letter.client_reference,
            "provider_reference": row.provider_reference or letter.provider_reference,
            "label": row.label,
            "group": group or False,
            "exact_amount": f"{rounded(row.amount):f}",
            "exact_rate": f"{row.tax_rate.normalize():f}",
            "billed_on": row.billed_on,
        }

    def _find_letters(self, rows):
        """The letter that each row speaks of: by our reference, else by BeePOST's.

        :return: list of ``beepost.mailing``, in the order of ``rows``; empty ones where
            no letter of the account's company, or of a branch of it, is meant
        """
        ours = self._letters_by("client_reference", {_ours(row) for row in rows})
        theirs = self._letters_by(
            "provider_reference", {row.provider_reference for row in rows}
        )
        none = self.env["beepost.mailing"]
        return [
            ours.get(_ours(row)) or theirs.get(row.provider_reference) or none
            for row in rows
        ]

    def _letters_by(self, name, references):
        Mailing = self.env["beepost.mailing"].sudo()
        references = sorted(references - {""})
        found = {}
        for start in range(0, len(references), SLICE):
            letters = Mailing.search(
                Domain(name, "in", references[start : start + SLICE])
                & Domain("company_id", "child_of", self.company_id.id)
            )
            # Those of this account come last, and count.
            letters = letters.sorted(lambda m: (m.account_id == self.account_id, m.id))
            found.update({letter[name]: letter for letter in letters})
        return found


def _ours(row):
    return row.client_reference.lower()


def _bill_row(cost):
    return BillRow(
        cost.client_reference,
        cost.provider_reference,
        cost.label,
        cost.amount,
        cost.tax_rate,
        cost.billed_on,
    )


def _fingerprint(row, letter):
    """Names a line whichever of its references it was brought with."""
    reference = letter.client_reference or _ours(row) or row.provider_reference
    parts = (
        reference,
        " ".join(row.label.casefold().split()),
        f"{rounded(row.amount):f}",
        f"{row.tax_rate.normalize():f}",
        row.billed_on.isoformat(),
    )
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
