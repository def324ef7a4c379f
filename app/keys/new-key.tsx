"use client";
import type { MadeKeyReply } from "#lib/wire/keys.ts";
import { Button } from "../_parts/button.tsx";
import { useCopy } from "../_parts/use-copy.ts";

interface NewKeyProps {
  readonly made: MadeKeyReply;
  readonly onClose: () => void;
}

/** The secret of a key, once, and how a program is told to use it. */
export function NewKey({ made: { key, secret }, onClose }: NewKeyProps) {
  const endpoint = location.origin;
  return (
    <section aria-label={`The new key ${key.name}`} className="card stack" style={{ padding: 16, gap: 12 }}>
      <div className="row">
        <h2 className="grow">
          <span className="status-good">✓ made</span> {key.name}
        </h2>
        <Button small onClick={onClose}>
          I have kept it
        </Button>
      </div>
      <p className="status-warn">▲ Keep it now: it is not shown again.</p>
      <Snippet name="The key" text={secret} />
      <Snippet
        name="Environment of any OpenTelemetry program"
        text={`OTEL_EXPORTER_OTLP_ENDPOINT="${endpoint}"
OTEL_EXPORTER_OTLP_PROTOCOL="http/protobuf"
OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer%20${secret}"`}
      />
      <Snippet
        name="Node"
        text={`import { trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";

const exporter = new OTLPTraceExporter({
  url: "${endpoint}/v1/traces",
  headers: { authorization: "Bearer ${secret}" }
});
trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new BatchSpanProcessor({ exporter })] }));`}
      />
    </section>
  );
}

function Snippet({ name, text }: { readonly name: string; readonly text: string }) {
  const { said, copy } = useCopy(text);
  return (
    <div>
      <div className="row">
        <h3>{name}</h3>
        <Button tone="quiet" small aria-label={`Copy: ${name}`} onClick={copy}>
          Copy
        </Button>
        <span role="status" className="soft">
          {said}
        </span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must take the keyboard */}
      <pre className="key-text" tabIndex={0}>
        {text}
      </pre>
    </div>
  );
}
