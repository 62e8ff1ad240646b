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
