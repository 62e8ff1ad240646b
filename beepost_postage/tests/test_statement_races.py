"""Two people bring the same bill at the same moment, each on a connection of his own.

So the records are committed, and removed at the end.
"""

import base64
import threading
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.service import model
from odoo.tests import TransactionCase, tagged

from odoo.addons.beepost_mail.gateway.port import Cost
from odoo.addons.beepost_mail.tests.processes import Processes

from .statements import HEADER, POSTAGE, BillingGateway

# No letter of ours: the references alone tell what is the same line.
OURS, THEIRS = "stranger-1", "BP-STRANGER-1"
FILE = f";{THEIRS};{POSTAGE};1,14;0;27/11/2026"
ANSWER = Cost(OURS, THEIRS, POSTAGE, Decimal("1.14"), Decimal(0), date(2026, 11, 27))
NOTHING_NEW = "0 new lines of 1; the others were there already."
ONE_NEW = "1 new lines of 1; the others were there already."


@tagged("post_install", "-at_install")
class TestStatementRaces(Processes, TransactionCase):
    """A line of a bill counts once: whoever comes second waits, begins again, and finds
    what the first one brought."""

    def setUp(self):
        super().setUp()
        with self._process() as env:
            account = env["beepost.account"].create({"name": "Races"})
            statements = env["beepost.postage.statement"].create(
                [self._november(account) for _person in range(2)]
            )
            env.cr.commit()  # pylint: disable=invalid-commit
        self.account_id, self.statement_ids = account.id, statements.ids
        self.addCleanup(self._remove)

        @contextmanager
        def opened(account):
            yield BillingGateway([ANSWER])

        Account = type(self.env["beepost.account"])
        self.enterContext(patch.object(Account, "_open_gateway", opened))

    def _november(self, account):
        return {
            "account_id": account.id,
            "date_from": "2026-11-01",
            "date_to": "2026-11-30",
        }

    def _remove(self):
        with self._process() as env:
            env["beepost.postage.statement"].browse(self.statement_ids).unlink()
            env["beepost.account"].browse(self.account_id).unlink()
            env.cr.commit()  # pylint: disable=invalid-commit

    def _import(self, statement):
        """:return: what the person is told, as of :meth:`_fetch`"""
        wizard = statement.env["beepost.statement.import"].create(
            {
                "statement_id": statement.id,
                "file": base64.b64encode(f"{HEADER}\n{FILE}".encode()),
            }
        )
        return self._told(wizard.action_import())

    def _fetch(self, statement):
        return self._told(statement.action_fetch())

    def _told(self, notice):
        return notice["params"]["message"]

    def _statement(self, env, which):
        """The one of the first or the second person."""
        manager = env.ref("base.user_admin")
        statements = env["beepost.postage.statement"].with_user(manager)
        return statements.browse(self.statement_ids[which])

    def test_who_comes_second_waits_and_adds_nothing(self):
        for first, second in (
            (self._import, self._import),
            (self._import, self._fetch),
            (self._fetch, self._import),
            (self._fetch, self._fetch),
        ):
            with self.subTest(first=first.__name__, second=second.__name__):
                self.assertEqual(self._at_once(first, second), [NOTHING_NEW])
                self.assertEqual(self._take_amounts(), ["1.1400"])

    def _at_once(self, first, second):
        """The second begins when the first is through, but for his commit.

        :return: list of what the second one is told
        """
        told = []

        def press():
            with self._process() as env:
                statement = self._statement(env, 1)
                # As a request does it: Odoo repeats what came too late.
                try:
                    told.append(model.retrying(lambda: second(statement), env))
                except Exception as error:
                    told.append(str(error))

        with self._process() as env, self._no_delay():
            first(self._statement(env, 0))
            env.flush_all()
            presser = threading.Thread(target=press)
            presser.start()
            self.assertTrue(self._has_to_wait(presser))
            env.cr.commit()  # pylint: disable=invalid-commit
            presser.join(timeout=30)
        return told

    @contextmanager
    def _no_delay(self):
        with patch.object(model.random, "uniform", lambda *_span: 0):
            with self.assertLogs("odoo.sql_db", "ERROR"):
                yield

    def _take_amounts(self):
        """:return: what the account was billed, of which nothing is kept"""
        with self._process() as env:
            lines = env["beepost.postage.statement.line"].search(
                [("account_id", "=", self.account_id)]
            )
            amounts = lines.mapped("exact_amount")
            lines.unlink()
            env.cr.commit()  # pylint: disable=invalid-commit
        return amounts

    def test_who_began_before_the_first_was_done_begins_again(self):
        """He need not wait: BeePOST took its time to answer."""
        with self._process() as slow, self._process() as quick:
            statement = self._statement(slow, 1)
            slow.cr.execute("SELECT 1 FROM beepost_account")  # what it sees is settled
            self._import(self._statement(quick, 0))
            quick.flush_all()
            quick.cr.commit()  # pylint: disable=invalid-commit
            with self.assertLogs("odoo.sql_db", "ERROR"):
                with self.assertRaises(SerializationFailure):
                    self._fetch(statement)
                    slow.flush_all()
            slow.cr.rollback()
            slow.invalidate_all()
            self.assertEqual(self._fetch(statement), NOTHING_NEW)
            slow.cr.commit()  # pylint: disable=invalid-commit
        self.assertEqual(self._take_amounts(), ["1.1400"])

    def test_bills_of_another_account_do_not_wait(self):
        with self._process() as first, self._process() as second:
            self._fetch(self._statement(first, 0))
            first.flush_all()
            second.cr.execute("SET LOCAL lock_timeout = '100ms'")
            account = second["beepost.account"].create({"name": "Other races"})
            statement = self._statement(second, 1)
            statement.sudo().account_id = account
            self.assertEqual(self._fetch(statement), ONE_NEW)
