"""``python -m bench.worker URL HOME``: one worker that runs what is due, for ``bench.timers``."""

import json
import os
import sys
import time
from pathlib import Path

from webapp.crypto.keyring import Keyring
from webapp.persistence.database import open_engine
from webapp.services import jobs
from webapp.services.delegates import DELEGATES
from webapp.services.office import Office


def main() -> int:
    """Say that it is ready, wait for a line, run until nothing is due, tell how many and how long."""
    url, home = sys.argv[1:3]
    office = Office(
        engine=open_engine(url), keyring=Keyring.open(Path(home)), delegates=DELEGATES, shifted=True
    )
    with office.begin() as work:
        assert work.now
    print("ready", flush=True)
    sys.stdin.readline()
    began, ran = time.perf_counter(), 0
    while done := jobs.run_due(office, f"bench:{os.getpid()}"):
        ran += done
    print(json.dumps({"ran": ran, "seconds": time.perf_counter() - began}), flush=True)
    office.engine.dispose()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
