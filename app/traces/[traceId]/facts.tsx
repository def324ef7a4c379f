"use client";
import Link from "next/link";
import { paths } from "#lib/wire/paths.ts";
import type { OpenedTraceReply } from "#lib/wire/trace.ts";
import { CostText, DurationText, NumberText, TimeText } from "../../_parts/text.tsx";

/** Unit, time, tokens and cost of a trace. */
export function TraceFacts({ opened: { trace } }: { readonly opened: OpenedTraceReply }) {
  return (
    <dl className="row grow" style={{ gap: "4px 24px", flexWrap: "wrap" }}>
      <Fact word="Unit">{trace.businessUnit}</Fact>
      <Fact word="Began">
        <TimeText atMs={trace.startedAtMs} synthesised={trace.timesSynthesised} />
      </Fact>
      <Fact word="Duration">
        {trace.timesSynthesised ? <span className="faint">not reported</span> : <DurationText ms={trace.durationMs} />}
      </Fact>
      <Fact word="Tokens in / out">
        <NumberText value={trace.inputTokens} /> / <NumberText value={trace.outputTokens} />
      </Fact>
      <Fact word="Cost">
        <CostText usd={trace.costUsd} />
      </Fact>
      <Fact word="Model">{trace.models.join(", ") || "–"}</Fact>
      <Fact word="Spans">
        <NumberText value={trace.spans} />
      </Fact>
      {trace.sessionId === null ? null : (
        <Fact word="Session">
          <Link href={paths.sessionPage(trace.businessUnit, trace.sessionId)} title="All traces of this session">
            {trace.sessionId.length > 24 ? `${trace.sessionId.slice(0, 24)}…` : trace.sessionId}
          </Link>
        </Fact>
      )}
      <Fact word="Trace">
        <code title="Trace id">{trace.traceId}</code>
      </Fact>
    </dl>
  );
}

function Fact({ word, children }: { readonly word: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt className="faint" style={{ fontSize: 12 }}>
        {word}
      </dt>
      <dd>{children}</dd>
    </div>
  );
}
