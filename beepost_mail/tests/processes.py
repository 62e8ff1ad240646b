"""What one process has not committed, another does not see."""

from contextlib import contextmanager

from odoo import SUPERUSER_ID, api
from odoo.sql_db import db_connect
from odoo.tests import get_db_name


class Processes:
    """A test of several real connections to the database. Its records are committed,
    and it removes them at the end."""

    @contextmanager
    def _process(self):
        """An environment on a connection of its own; what is not committed is gone."""
        with db_connect(get_db_name()).cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})
            cr.rollback()

    def _has_to_wait(self, thread):
        """
        :return: True as soon as somebody waits for a row of ours; False where
            ``thread`` ended and nobody had to
        """
        with self._process() as env:
            while thread.is_alive():
                env.cr.execute(
                    "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = %s"
                    " AND wait_event_type = 'Lock' AND query LIKE '%%beepost%%'",
                    [env.cr.dbname],
                )
                waiting = env.cr.fetchone()[0]
                env.cr.rollback()
                if waiting:
                    return True
        return False
