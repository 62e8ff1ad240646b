"""La Poste's "Suivi v2" as a real HTTP server process that judges the client.

``python -m tests.laposte --port 0`` or ``python tests/laposte …`` prints one JSON line
with its address. It answers ``GET /suivi/v2/idships/{id[,id…]}`` in the documented
shapes, holds against the client what La Poste would not take, and misbehaves on demand
(``service/faults.py``, ``control.py``). ``client.py`` starts and steers it from a test.

It knows the numbers that a test has told it, and forgets all when it ends.
"""
