"""A program outside that takes external tasks, has an effect on the world, and says so: `python -m` it.

Its effects are lines of the file `effects`. It too is killed, after an effect and before it tells.
"""

import os
import sys
import time
from pathlib import Path

from scripts.chaosing.client import Client
from scripts.chaosing.points import EFFECT, Gun

LOCK = 4000
"""Milliseconds of a lease: after a kill somebody else may take the task so much later."""


def main() -> None:
    """Works until it is ended."""
    folder, name = Path(os.environ["CHAOS_FOLDER"]), os.environ["CHAOS_NAME"]
    client, gun = Client(folder / "ports", int(sys.argv[1])), Gun(folder, name)
    worker = f"{name}-{os.getpid()}"
    print("working", flush=True)
    while True:
        fetch = {
            "workerId": worker,
            "maxTasks": 3,
            "topics": [{"topicName": "send", "lockDuration": LOCK}],
        }
        fetched = client.command("/external-task/fetchAndLock", fetch)
        for task in fetched.json if fetched.status == 200 else ():
            with (folder / "effects").open("a", encoding="utf-8") as effects:
                effects.write(f"{task['processInstanceId']} {task['id']}\n")
            gun.at(EFFECT)
            client.command(f"/external-task/{task['id']}/complete", {"workerId": worker})
        if not fetched.json:
            time.sleep(0.3)


if __name__ == "__main__":
    main()
