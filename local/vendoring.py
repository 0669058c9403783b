"""`python -m local.vendoring`: copy what our pages take from npm into the package, as pinned.

After a change of shared/pages/vendor/package.json run `npm install --package-lock-only` there
first. The files are kept as they come, with their licences.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from local.process import ROOT

VENDOR = ROOT / "shared" / "pages" / "vendor"
ICONS = (
    "ban",
    "circle-check",
    "circle-x",
    "clock",
    "download",
    "file-x",
    "hourglass",
    "link-2-off",
    "search",
    "timer-off",
)
WANTED: dict[str, tuple[str, ...]] = {
    "signature_pad": ("LICENSE", "dist/signature_pad.min.js"),
    "lucide-static": ("LICENSE", *(f"icons/{name}.svg" for name in ICONS)),
}
FOLDERS = {"signature_pad": "signature_pad", "lucide-static": "lucide"}


def copy_from(modules: Path) -> list[Path]:
    """The files of an installed `node_modules`, each under its package's name."""
    copied = []
    for package, names in WANTED.items():
        folder = VENDOR / FOLDERS[package]
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name in names:
            source = modules / package / name
            copied.append(Path(shutil.copyfile(source, folder / source.name)))
    return copied


def main() -> int:
    npm = shutil.which("npm")
    if npm is None:
        print("npm is needed, which comes with Node.js.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as place:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(VENDOR / name, place)
        install = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(install, cwd=place, check=True)
        for path in copy_from(Path(place) / "node_modules"):
            print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
