from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.beepost_mail.gateway import port

from ..tariff.bill_rows import BillRow
from ..tariff.money import rounded
from .bill_known import KnownLines, Reference

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
        statement._await_other_bills()
        letters = statement._find_letters(rows)
        group = self.env["beepost.postage.label"]._reader(statement.company_id)
        Line = self.env["beepost.postage.statement.line"].sudo()
        known = KnownLines(statement._lines_of_days({row.billed_on for row in rows}))
        new = []
        for row, letter in zip(rows, letters, strict=True):
            vals = statement._prepare_line_vals(row, letter, group(row.label))
            if not known.take(vals, letter):
                new.append({**vals, "fingerprint": known.name(vals, letter)})
        for start in range(0, len(new), SLICE):
            Line.create(new[start : start + SLICE])
        statement._compare()
        return len(new)

    def _await_other_bills(self):
        """Lines of an account come in one transaction after the other: two that do not
        see each other's may bring the same one, each by another reference of it.

        A mere lock would let the second one go on without what the first one brought.
        A row that was written makes it begin again, and then it sees.
        """
        self.env.cr.execute(
            "UPDATE beepost_account SET write_date = write_date WHERE id = %s",
            [self.account_id.id],
        )

    def _lines_of_days(self, days):
        """:return: [(line, its letter)] of the account; the letter may be found now
        that was not when the line came in"""
        if not days:
            return []
        lines = (
            self.env["beepost.postage.statement.line"]
            .sudo()
            .search(
                Domain("account_id", "=", self.account_id.id)
                & Domain("billed_on", ">=", min(days))
                & Domain("billed_on", "<=", max(days))
            )
        )
        lost = lines.filtered(lambda line: not line.mailing_id)
        found = dict(
            zip(lost, self._find_letters([*map(Reference, lost)]), strict=True)
        )
        return [(line, line.mailing_id or found[line]) for line in lines]

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
