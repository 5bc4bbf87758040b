"""`make bench`: speed and memory, as ratios against a baseline measured in the same run.

`python -m tests.bench [--quick]`; the baseline is the same route calling `model.predict` on the same network.
"""

import argparse
import base64
import json
import tempfile
import time
from pathlib import Path

import numpy as np

from app.recognition.releases import ReleaseStore
from app.recognition.service import load_recognizer
from tests.bench.load import Load, post, run_load
from tests.bench.pages import bench_pages
from tests.bench.server import rss_mb, serving

NUM_CLIENTS = 16
UNLIMITED = {"RECOGNIZE_RATE_LIMIT": ""}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="a tenth of the requests: noisier, and done in a minute"
    )
    scale = 10 if parser.parse_args().quick else 1
    with tempfile.TemporaryDirectory() as folder:
        ours = bench_requests(Path(folder), 20_000 // scale)
        baseline = bench_baseline(Path(folder), 1_000 // scale)
        print(f"ratio: {ours.per_second / baseline.per_second:.0f} times the requests a second\n")
        bench_memory(Path(folder), 50_000 // scale)
        bench_pages(Path(folder), 1_000 // scale)
    for alphabet in ("digit", "character"):
        bench_engine(alphabet)


def bench_requests(folder: Path, num_requests: int) -> Load:
    """One recognition from a PNG data URL, and one from strokes, through HTTP."""
    with serving("main:app", folder, **UNLIMITED) as (port, master):
        run_load(port, PNG_REQUEST, NUM_CLIENTS, 500)
        ours = run_load(port, PNG_REQUEST, NUM_CLIENTS, num_requests)
        show("recognize, 280×280 PNG", ours)
        show("recognize, strokes", run_load(port, STROKES_REQUEST, NUM_CLIENTS, num_requests))
        print(f"memory of the workers: {rss_mb(master)} MB")
    return ours


def bench_baseline(folder: Path, num_requests: int) -> Load:
    """The same PNG through the same route, answered by `model.predict`."""
    app = "tests.bench.predict_app:make_app()"
    with serving(app, folder, "--timeout", "300", INFERENCE_ENGINE="keras") as (port, master):
        run_load(port, PNG_REQUEST, NUM_CLIENTS, 100)
        baseline = run_load(port, PNG_REQUEST, NUM_CLIENTS, num_requests)
        show("the same by model.predict", baseline)
        print(f"memory of the workers: {rss_mb(master)} MB")
    return baseline


def bench_memory(folder: Path, num_requests: int) -> None:
    """Whether the workers grow."""
    with serving("main:app", folder, **UNLIMITED) as (port, master):
        for _ in range(5):  # new connections each time, so that every worker has had its share
            run_load(port, PNG_REQUEST, NUM_CLIENTS, 1_000)
        before = rss_mb(master)
        run_load(port, PNG_REQUEST, NUM_CLIENTS, num_requests)
        print(
            f"memory of the workers: {before} MB, and {rss_mb(master)} MB after {num_requests:,} requests more\n"
        )


def bench_engine(alphabet: str) -> None:
    """The network alone, without reading ink, on one core."""
    store = ReleaseStore(Path("nowhere"))
    recognizer = load_recognizer(store.load(alphabet, str(store.current_version(alphabet))))
    rng = np.random.default_rng(0)
    for batch in (1, 64):
        glyphs = rng.random((batch, 28, 28, 1), np.float32)
        times = [timed(recognizer.probabilities, glyphs) / batch for _ in range(200)]
        print(f"{recognizer.release}, batch of {batch}: {1000 * float(np.median(times)):.3f} ms a glyph")


def timed(function: object, argument: object) -> float:
    """Seconds that one call takes."""
    started = time.perf_counter()
    function(argument)  # type: ignore[operator]
    return time.perf_counter() - started


def show(what: str, load: Load) -> None:
    print(
        f"{what}: {load.per_second:,.0f} requests/s from {NUM_CLIENTS} clients, "
        f"p50 {load.p50_ms:.1f} ms, p95 {load.p95_ms:.1f} ms, p99 {load.p99_ms:.1f} ms"
    )


def png_body() -> bytes:
    """What a page would post: `toDataURL()` of a 280×280 canvas, as Chromium writes it."""
    picture = (Path(__file__).parent / "canvas_seven.png").read_bytes()
    url = "data:image/png;base64," + base64.b64encode(picture).decode()
    return json.dumps({"alphabet": "digit", "image": url}).encode()


def strokes_body() -> bytes:
    """A 7 of 60 points."""
    corners = np.array([[60, 60], [200, 60], [120, 220]], float)
    path = np.concatenate([np.linspace(corners[0], corners[1], 30), np.linspace(corners[1], corners[2], 30)])
    return json.dumps({"alphabet": "digit", "strokes": [path.round(1).tolist()]}).encode()


PNG_REQUEST = post("/api/v1/recognize", png_body())
STROKES_REQUEST = post("/api/v1/recognize", strokes_body())

if __name__ == "__main__":
    main()
