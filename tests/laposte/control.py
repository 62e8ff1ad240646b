"""Steering for tests, outside La Poste's own address: everything under ``/_control/``.

====================  ============================================================
POST shipments        ``{"number": …, "events": [{code, label, date …} …], …}``; more
                      members replace the shipment's own (``isFinal``, ``holder`` …)
POST codes            ``{"number": …, "code": 500}``: its own ``returnCode``
GET  stats            connections, requests, the numbers of each, what was wrong
GET  faults           those that stand, how many requests hang
POST faults           one fault, see ``service/faults.py``; its route is ``follow``
POST faults/clear     no more; what hangs goes on
GET  faults/hanging   ``?count=1&seconds=30`` waits until so many hang
POST reset            forgets everything
====================  ============================================================
"""

from __future__ import annotations

from service.steering import FAULTS, Actions


def _stats(laposte, values) -> dict:
    return {**laposte.stats.told(), "asked": list(laposte.asked)}


def _reset(laposte, values) -> None:
    laposte.faults.clear()
    laposte.shipments.reset()
    laposte.stats.reset()
    laposte.asked.clear()


ACTIONS: Actions = {
    ("POST", "shipments"): lambda laposte, values: laposte.shipments.put(**values),
    ("POST", "codes"): lambda laposte, values: laposte.shipments.fail(**values),
    ("GET", "stats"): _stats,
    **FAULTS,
    ("POST", "reset"): _reset,
}
