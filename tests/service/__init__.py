"""The reference BeePOST: a real HTTP server process that judges the client.

``python -m tests.service --port 0 --data DIR`` or ``python tests/service …`` prints
one JSON line with its address. It checks every request and answer against
``beepost_mail/gateway/openapi.yaml``, keeps every arrival in a durable store, lives on
a clock of its own and misbehaves on demand (``faults.py``, ``control.py``).
``client.py`` starts and steers it from a test.
"""
