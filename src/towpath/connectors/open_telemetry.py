"""Tells an OpenTelemetry collector, over OTLP and HTTP, what takes how long. Set up by the standard OTEL_ variables.

What errors say stays here: messages may hold values of records. Their codes are told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from threading import Thread

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import (
    INVALID_SPAN,
    Link,
    SpanKind,
    StatusCode,
    get_current_span,
    set_span_in_context,
    use_span,
)
from opentelemetry.trace import Span as OtelSpan
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from towpath.errors import TowpathError
from towpath.ports.tracing import NOTHING, Attributes, Side

FLUSH_WITHIN = 2.0  # seconds for what is not sent yet when the process ends
_SIDES = {"server": SpanKind.SERVER, "client": SpanKind.CLIENT, "internal": SpanKind.INTERNAL}
_W3C = TraceContextTextMapPropagator()


class OpenTelemetry:
    """Sends spans from a thread of its own; a collector that is away costs spans and nothing else."""

    on = True

    def __init__(self) -> None:
        ours = Resource.create({"service.name": "towpath", "service.version": version("towpath")})
        named = ours.merge(OTELResourceDetector().detect())  # OTEL_SERVICE_NAME comes before our own
        self._provider = TracerProvider(resource=named, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("towpath", version("towpath"))

    @contextmanager
    def span(
        self,
        name: str,
        attributes: Attributes = NOTHING,
        *,
        side: Side = "internal",
        headers: Mapping[str, str] | None = None,
        of: Sequence[object] | None = None,
    ) -> Iterator[OpenSpan]:
        """Begin a span and make it the current one; see the port."""
        begun = self._tracer.start_span(
            name, _context(headers, of), _SIDES[side], dict(attributes), links=_links(of) if of else None
        )
        opened = OpenSpan(begun)
        with use_span(begun, record_exception=False, set_status_on_exception=False):
            try:
                yield opened
            except BaseException as error:
                opened.tell(NOTHING, error=error.code if isinstance(error, TowpathError) else type(error).__name__)
                raise
            finally:
                opened.close()

    def current(self) -> OtelSpan | None:
        """The span that is under way in this thread or task."""
        found = get_current_span()
        return None if found is INVALID_SPAN else found

    def close(self) -> None:
        """Send what is left, for a short time."""
        ending = Thread(target=self._provider.shutdown, name="towpath-tracing-end", daemon=True)
        ending.start()
        ending.join(FLUSH_WITHIN)


class OpenSpan:
    """A span that has not ended."""

    def __init__(self, span: OtelSpan) -> None:
        self._span = span
        self._is_wanted = True

    @property
    def headers(self) -> Mapping[str, str]:
        """The ``traceparent`` of calls that belong to it."""
        carrier: dict[str, str] = {}
        _W3C.inject(carrier, set_span_in_context(self._span, Context()))
        return carrier

    def tell(self, attributes: Attributes, *, name: str | None = None, error: str | None = None) -> None:
        """Say more of it."""
        self._span.set_attributes(dict(attributes))
        if name is not None:
            self._span.update_name(name)
        if error is not None:
            self._span.set_attribute("error.type", error)
            self._span.set_status(StatusCode.ERROR)

    def forget(self) -> None:
        """Only spans that end are sent."""
        self._is_wanted = False

    def close(self) -> None:
        """End it, unless there was nothing to do."""
        if self._is_wanted:
            self._span.end()


def _context(headers: Mapping[str, str] | None, of: Sequence[object] | None) -> Context | None:
    """What the span is a part of; None stands for the one that is under way."""
    if headers is not None:
        return _W3C.extract(headers, Context())
    if of is None:
        return None
    spans = _spans(of)
    return set_span_in_context(spans[0], Context()) if len(spans) == 1 else Context()


def _links(of: Sequence[object]) -> list[Link]:
    spans = _spans(of)
    return [Link(span.get_span_context()) for span in spans] if len(spans) > 1 else []


def _spans(of: Sequence[object]) -> list[OtelSpan]:
    return [span for span in of if isinstance(span, OtelSpan)]
