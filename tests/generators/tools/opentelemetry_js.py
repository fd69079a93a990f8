"""OpenTelemetry for Node: the JSON of another SDK, with attributes of every type."""

from __future__ import annotations

from tests.generators.tool import Tool, Workshop

PROGRAM = """
const { context, trace, SpanKind, SpanStatusCode } = require('@opentelemetry/api');
const { BasicTracerProvider, SimpleSpanProcessor } = require('@opentelemetry/sdk-trace-base');
const { JsonTraceSerializer } = require('@opentelemetry/otlp-transformer');
const { resourceFromAttributes } = require('@opentelemetry/resources');
const exporter = {
  export(spans, done) {
    require('fs').appendFileSync('web.jsonl', Buffer.from(JsonTraceSerializer.serializeRequest(spans)) + '\\n');
    done({ code: 0 });
  },
  shutdown() { return Promise.resolve(); },
};
const provider = new BasicTracerProvider({
  resource: resourceFromAttributes({ 'service.name': 'web', 'deployment.environment.name': 'staging' }),
  spanProcessors: [new SimpleSpanProcessor(exporter)],
});
const tracer = provider.getTracer('shop');
for (let number = 1; number <= 5; number++) {
  const root = tracer.startSpan('GET /', {
    kind: SpanKind.SERVER,
    attributes: { number, known: true, share: 1.5, parts: ['a', 'b'] },
  });
  const inside = trace.setSpan(context.active(), root);
  const child = tracer.startSpan('SELECT articles', {
    kind: SpanKind.CLIENT, attributes: { 'db.system.name': 'postgresql' },
  }, inside);
  if (number === 5) {
    child.setStatus({ code: SpanStatusCode.ERROR, message: 'gone' });
    root.setStatus({ code: SpanStatusCode.ERROR });
  }
  child.end();
  root.end();
}
"""


def make(work: Workshop) -> None:
    """Five requests, of which the last one fails."""
    work.write("web.js", PROGRAM)
    work.run("node", "web.js", env={"NODE_PATH": str(work.home / "npm" / "node_modules")})
    work.keep("web.jsonl", "5 requests of a service that asks a database; the last one fails")


TOOL = Tool(
    name="opentelemetry_js",
    make=make,
    npm=[
        "@opentelemetry/api@1.9.0",
        "@opentelemetry/sdk-trace-base@2.12.0",
        "@opentelemetry/otlp-transformer@0.222.0",
        "@opentelemetry/resources@2.12.0",
    ],
    programs=["node"],
)
