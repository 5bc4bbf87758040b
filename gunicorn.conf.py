"""How gunicorn serves the app, wherever it does; read from the working directory by `gunicorn main:app`.

The bind address is gunicorn's own default: 0.0.0.0:$PORT where PORT is set, else 127.0.0.1:8000.
"""

import os
from typing import Any

workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"  # keeps connections alive, which sync does not
threads = 2  # each has interpreters of its own: 3 to 4 MB
# The networks are read and checked once, before the workers are forked. TensorFlow does not survive a fork.
preload_app = os.environ.get("INFERENCE_ENGINE") != "keras"
keepalive = 75  # seconds; the proxies in front keep a connection for 60, so they never meet a closed one
timeout = 30  # seconds without a sign of life before a worker is replaced
control_socket_disable = True  # it would be written to the home directory, and nothing uses it


def post_worker_init(worker: Any) -> None:
    """In each worker, after the fork: mails and samples that waited while no server ran leave now."""
    for relay in ("mail", "sheets"):
        worker.wsgi.extensions[relay].wake()
