"""The whole way by hand: different people at their own screens, from the first signal to the end of probation."""

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from tests.browser.hands import Hands
from tests.browser.live import Live
from webapp.services.demo import scenes


def test_a_cadre_goes_down_and_comes_up_again(live_server: Live, page_at: Callable[..., Page]) -> None:
    hands = Hands(live_server, page_at)
    t0 = time.monotonic()
    old = hands._finish
    def timed(task_id, by, given):
        t = time.monotonic()
        r = old(task_id, by, given)
        row = [x for x in hands_rows(hands, task_id)]
        print(f"{time.monotonic()-t0:6.1f} {time.monotonic()-t:5.1f}s {row[0]['element_id']}", flush=True)
        return r
    hands._finish = timed
    case_id = scenes.open_and_verify(hands, scenes.person("苏白露"))
    print("verified", time.monotonic() - t0)
    scenes.propose_and_consult(hands, case_id, manner="lateral_transfer", post_id=scenes.post("jyj:deputy"))
    print("consulted", time.monotonic() - t0)

def hands_rows(h, task_id):
    from webapp.persistence.models import runtime
    from webapp.services import reads
    with reads.begin(h.office) as look:
        return look.all(runtime.work_item, id=task_id)
