"""The WSGI app `main:app`, and `python main.py` for a local server."""

import os
from contextlib import suppress

from app import create_app
from app.cli import upgrade_database

if __name__ == "__main__":
    os.environ.setdefault("APP_ENV", "development")

app = create_app()

if __name__ == "__main__":
    from werkzeug.serving import make_server

    with app.app_context():
        upgrade_database()
    for relay in ("mail", "sheets"):
        app.extensions[relay].wake()  # what waited while no server ran leaves now
    server = make_server(app.config["HOST"], app.config["PORT"], app, threaded=True)
    print(
        f"Open http://{app.config['HOST']}:{server.port} in a browser; Ctrl+C stops the server.", flush=True
    )
    with suppress(KeyboardInterrupt):
        server.serve_forever()
