"""`python -m local demo`: sets up a local Azure of its own, plays the story, ends it."""

import argparse
import json
import shutil
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from local.azure import LocalAzure, running
from local.configuration import data_folder
from local.demo import note, track
from local.demo.delivery import Material
from local.demo.gpx import from_gpx
from local.demo.playing import Stage, played
from local.demo.show import CheckFailed, Show
from local.ports import free_ports
from local.process import PartFailed
from local.setting_up import first_administrator
from local.supervision import summary
from shared.pades.errors import DocumentRefused, PadesError
from shared.pades.inspecting import inspect

RESULTS = data_folder() / "demo"


def main(arguments: Sequence[str]) -> int:
    """0 only if every check held."""
    parser = argparse.ArgumentParser(prog="python -m local demo")
    parser.add_argument("--pdf", type=Path, help="your own PDF instead of the delivery note")
    parser.add_argument("--track", type=Path, help="your own GPX track instead of the built-in one")
    parser.add_argument("--without-browser", action="store_true", help="sign by the page's calls")
    chosen = parser.parse_args(arguments)
    show = Show()
    try:
        material = _material(chosen.pdf, chosen.track)
        _clean(RESULTS)
        print("The local Azure starts.", flush=True)
        with running(RESULTS / "azure", free_ports(), summary.progress) as azure:
            _play(show, azure, material, in_browser=not chosen.without_browser)
    except (CheckFailed, PartFailed, PadesError, track.TrackUnusable, OSError) as failed:
        print(f"\nThe demo failed: {failed}", file=sys.stderr)
        return 1
    print(f"\nAll {show.checks} checks held, in {show.seconds:.0f} s. Results: {RESULTS}")
    return 0


def _play(show: Show, azure: LocalAzure, material: Material, *, in_browser: bool) -> None:
    administrator = first_administrator(azure.base_url, azure.keys.master_key)
    if administrator is None:
        raise CheckFailed("a fresh deployment has an administrator already")
    played(show, Stage(azure, RESULTS, in_browser), administrator, material)
    timings = {title: round(seconds, 2) for title, seconds in show.timings.items()}
    report = {"checks": show.checks, "seconds": round(show.seconds, 1), "steps": timings}
    (RESULTS / "report.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def built_in() -> Material:
    """A delivery note and a ride that has just ended."""
    return _material(None, None)


def _material(pdf: Path | None, gpx: Path | None) -> Material:
    """Looked at before anything starts. Raises OSError, PadesError or TrackUnusable."""
    now = datetime.now(UTC) - timedelta(seconds=1)
    driven, stops = _laid_along(gpx, now) if gpx else track.laid_along(track.built_in(now))
    if pdf:
        return Material(_signable(pdf), pdf.name, driven, stops)
    today = now.date().isoformat()
    content = note.delivery_note("LS-2026-0042", "Northgate Stores", today)
    return Material(content, "Delivery note LS-2026-0042.pdf", driven, stops)


def _laid_along(gpx: Path, now: datetime) -> tuple[list[track.Fix], list[track.Stop]]:
    """Raises TrackUnusable."""
    fixes = from_gpx(gpx, now)
    try:
        return track.laid_along(fixes)
    except track.TrackUnusable as refused:
        raise track.TrackUnusable(f"{gpx}: {refused}") from refused


def _signable(file: Path) -> bytes:
    """Its bytes. Raises OSError or PadesError."""
    content = file.read_bytes()
    try:
        found = inspect(content)
    except PadesError as refused:
        raise DocumentRefused(f"{file}: {refused}") from refused
    if found.signatures or found.locked:
        raise DocumentRefused(f"{file} is signed already; the demo needs one that nobody signed.")
    if not found.pages:
        raise DocumentRefused(f"{file} has no page to sign.")
    return content


def _clean(results: Path) -> None:
    shutil.rmtree(results, ignore_errors=True)
    results.mkdir(parents=True)
