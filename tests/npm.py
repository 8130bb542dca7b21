"""Installs what some tests ask of node, with npm, into a folder that git ignores."""

import fcntl
import shutil
import subprocess
from pathlib import Path


def install(folder: Path) -> str | None:
    """Install what its lock file names where it is missing; what stands in the way, if anything does."""
    if not shutil.which("node") or not shutil.which("npm"):
        return "there is no node with npm"
    installed, wanted = folder / "node_modules/.package-lock.json", folder / "package-lock.json"
    with (folder / "package.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if installed.exists() and installed.stat().st_mtime >= wanted.stat().st_mtime:
            return None
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return None if done.returncode == 0 else "npm could not install it"
