"""Figures for Prometheus 运行指标: requests of this process, and the condition of the whole installation."""

import hmac
import time
from collections.abc import Iterable, Iterator

from flask import Flask, Response, current_app, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from webapp.domain.errors import NotAllowed
from webapp.queries import condition
from webapp.services import reads
from webapp.services.office import Office, clock_offset

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
EXTENSION = "metrics"
FORWARDED = ("Forwarded", "X-Forwarded-For")
LOOPBACK = ("127.0.0.1", "::1")


class Figures:
    """What this process counted since it started; one registry an app, as a process may hold several."""

    def __init__(self, office: Office) -> None:
        self.registry = CollectorRegistry(auto_describe=False)
        self.seconds = Histogram(
            "zaishang_request_seconds",
            "Seconds from request to answer.",
            ("endpoint", "method"),
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.answers = Counter(
            "zaishang_answers", "Answers by status.", ("endpoint", "status"), registry=self.registry
        )
        self.registry.register(Installation(office))
        self._kept: dict[tuple[str, str, str], tuple[Histogram, Counter]] = {}

    def note(self, endpoint: str, method: str, status: str, seconds: float | None) -> None:
        """One answer; what counts answers of a kind is looked up once."""
        kept = self._kept.get((endpoint, method, status))
        if kept is None:
            kept = self.seconds.labels(endpoint, method), self.answers.labels(endpoint, status)
            self._kept[endpoint, method, status] = kept
        kept[1].inc()
        if seconds is not None:
            kept[0].observe(seconds)

    def page(self) -> Response:
        """All figures in Prometheus' text format; DatabaseUnavailable when the database does not answer."""
        return Response(generate_latest(self.registry), content_type=CONTENT_TYPE)


class Installation(Collector):
    """The database's own figures, read when they are asked for: the same from every web process."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def describe(self) -> Iterable[Metric]:
        """Nothing beforehand: asking the database at start-up would stop a start without one."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """One statement, one moment."""
        with reads.begin(self.office) as look:
            now = look.now + clock_offset(look) if self.office.shifted else look.now
            found = condition.read(look, now)
        yield GaugeMetricFamily("zaishang_jobs_due", "Jobs due and not yet done.", found.jobs_due)
        yield GaugeMetricFamily(
            "zaishang_oldest_job_seconds",
            "How long the oldest due job has waited.",
            found.oldest_job_seconds,
        )
        yield GaugeMetricFamily(
            "zaishang_messages_waiting",
            "Messages between processes that wait for delivery.",
            found.messages_waiting,
        )
        yield GaugeMetricFamily(
            "zaishang_incidents_open", "Incidents nobody has settled.", found.incidents_open
        )
        yield GaugeMetricFamily("zaishang_tasks_open", "Open tasks.", found.tasks_open)
        yield GaugeMetricFamily("zaishang_tasks_overdue", "Open tasks past their day.", found.tasks_overdue)
        yield CounterMetricFamily("zaishang_events", "Events in the history.", found.events)
        if found.last_event_at is not None:
            yield GaugeMetricFamily(
                "zaishang_last_event_timestamp_seconds",
                "When the newest event was recorded.",
                found.last_event_at.timestamp(),
            )


def require_watcher(token: str) -> None:
    """NotAllowed for everyone but the watching machine: the token, or this very machine where none is set.

    Behind a proxy on this machine everybody comes from the loopback address, so a forwarded request needs it.
    """
    if token:
        given = request.headers.get("Authorization", "")
        if hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
            return
    elif request.remote_addr in LOOPBACK and not any(name in request.headers for name in FORWARDED):
        return
    raise NotAllowed("运行指标只供监测程序读取，请在本机读取，或者带上 ZAISHANG_METRICS_TOKEN 设置的令牌。")


def figures() -> Figures:
    """The figures of the app that answers."""
    found: Figures = current_app.extensions[EXTENSION]
    return found


def _start() -> None:
    g.began = time.perf_counter()


def _note(answer: Response) -> Response:
    began = g.get("began")
    seconds = None if began is None else time.perf_counter() - began
    figures().note(request.endpoint or "none", request.method, str(answer.status_code), seconds)
    return answer


def install(app: Flask) -> None:
    """Count every answer of the app."""
    app.extensions[EXTENSION] = Figures(app.extensions["office"])
    app.before_request(_start)
    app.after_request(_note)
