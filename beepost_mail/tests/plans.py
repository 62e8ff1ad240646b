"""How PostgreSQL looks for letters in a database that has been used for a while.

With the few rows of a test, every index costs the same and the choice is by chance.
"""

from psycopg2 import sql

COPIES = 6000


def plan_of_outbox(letter):
    """``letter`` waits with hundreds more, among thousands that were sent in lots that
    are done; in its transaction only.

    :return: str, the plan of the query for what is due through its account
    """
    env = letter.sudo().env  # as the scheduled action
    env.flush_all()
    _copy(
        letter,
        client_reference="'copy-' || number",
        state="CASE WHEN mod(number, 20) = 0 THEN 'queued' ELSE 'accepted' END",
        lot_id="NULL",
        planned_at="NULL",
    )
    _copy(letter.lot_id, state="'done'")  # none for one that was sent alone
    env.cr.execute("ANALYZE beepost_mailing, beepost_lot")
    query = env["beepost.mailing"]._search(
        env["beepost.outbox"]._due(letter.account_id, "queued"), order="id", limit=100
    )
    found = query.select()
    env.cr.execute("EXPLAIN " + found.code, found.params)
    return "\n".join(line for (line,) in env.cr.fetchall())


def _copy(record, **given):
    """:param given: SQL of the columns in which copies differ from ``record``"""
    given["id"] = f"nextval('{record._table}_id_seq')"
    cr = record.env.cr
    cr.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = current_schema AND table_name = %s",
        [record._table],
    )
    columns = [name for (name,) in cr.fetchall()]
    cr.execute(
        sql.SQL(
            "INSERT INTO {table} ({columns}) SELECT {values}"
            " FROM {table}, generate_series(1, %s) number WHERE id = ANY(%s)"
        ).format(
            table=sql.Identifier(record._table),
            columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
            values=sql.SQL(", ").join(
                sql.SQL(given[name]) if name in given else sql.Identifier(name)
                for name in columns
            ),
        ),
        [COPIES, record.ids],
    )
