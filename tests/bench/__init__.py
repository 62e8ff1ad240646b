"""Speed against Odoo's snailmail and against the bare bytes: ``python -m bench``.

One run measures, on one machine, the same invoices with the same ready PDFs

* through ours: ``beepost.outbox`` over ``HttpGateway`` to the reference service;
* through Odoo's own snailmail, to a small service that answers its protocol (``iap``);
* raw: the same bytes in requests of the same size, one session, no Odoo (``raw``).

What comes afterwards, reading events and opening the kanban, is measured by the
number of letters that are open (``following``).

Each measurement has a process and a clone of the database of its own (``run``,
``worker``); a network of so many milliseconds is a process in between (``delay``).
"""
