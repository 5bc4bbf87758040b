"""The WSGI app `main:app`, and `python main.py` for a local server."""

import os

from app import create_app
from app.cli import upgrade_database

if __name__ == "__main__":
    os.environ.setdefault("APP_ENV", "development")

app = create_app()

if __name__ == "__main__":
    with app.app_context():
        upgrade_database()
    app.run(app.config["HOST"], app.config["PORT"], threaded=True)
