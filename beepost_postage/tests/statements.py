"""Statements of letters that were really priced, from a provider that says what the
test wants."""

import base64
from datetime import date
from decimal import Decimal

from odoo.addons.beepost_mail.gateway.port import Cost
from odoo.addons.beepost_mail.tests.common import ScriptedGateway

from .common import PostageCase

POSTAGE, PRODUCTION = "Affranchissement", "Impression et mise sous pli"
BILLED_ON = date(2026, 11, 27)
HEADER = "Votre référence;Référence;Libellé;Montant HT;TVA;Date"


class BillingGateway(ScriptedGateway):
    """Answers ``costs`` with what it was given, or raises it."""

    def __init__(self, costs=(), error=None):
        super().__init__()
        self.bill = list(costs)
        self.error = error
        self.periods = []

    def costs(self, since, until):
        self.periods.append((since, until))
        if self.error:
            raise self.error
        return tuple(self.bill)


def cost(letter, label, amount, rate="0", on=BILLED_ON, **references):
    return Cost(
        **{
            "client_reference": letter.client_reference,
            "provider_reference": letter.provider_reference or "",
            **references,
        },
        label=label,
        amount=Decimal(amount),
        tax_rate=Decimal(rate),
        billed_on=on,
    )


def right(letter):
    """What a letter of one page costs: see ``test_frozen_price``."""
    return [cost(letter, POSTAGE, "1.14"), cost(letter, PRODUCTION, "0.09", "20")]


class StatementCase(PostageCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._in_english(cls.env.user + cls.accountant + cls.manager)

    @classmethod
    def _create_statement(cls, user=None, **values):
        Statement = cls.env["beepost.postage.statement"].with_user(user or cls.manager)
        return Statement.create(
            {
                "account_id": cls.account.id,
                "date_from": "2026-11-01",
                "date_to": "2026-11-30",
                **values,
            }
        )

    def _sent(self, pages=1, **options):
        """A letter that a provider with references of its own accepted."""
        letter = self._letter(pages, **options)
        with self._gateway(ScriptedGateway()):
            self._run_outbox()
        self.assertEqual(letter.state, "accepted")
        return letter

    def _fetched(self, *costs, statement=None):
        statement = statement or self._create_statement()
        with self._gateway(BillingGateway(costs)):
            statement.action_fetch()
        return statement

    def _row(self, statement, letter):
        return statement.letter_ids.filtered(lambda row: row.mailing_id == letter)

    def _wizard(self, statement, *lines, header=HEADER, user=None):
        content = "\n".join([header, *lines]).encode()
        return (
            self.env["beepost.statement.import"]
            .with_user(user or self.manager)
            .create(
                {
                    "statement_id": statement.id,
                    "file": base64.b64encode(content),
                    "file_name": "releve.csv",
                }
            )
        )
