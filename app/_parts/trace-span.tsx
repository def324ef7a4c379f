"use client";
import { formatDuration } from "#lib/browser/format.ts";
import { statusLooks } from "#lib/browser/outcome-words.ts";
import { isOrphan, type SpanTree } from "#lib/browser/span-tree.ts";
import { isBackward } from "#lib/browser/trace-oddities.ts";
import type { Json } from "#lib/model/span.ts";
import type { SpanReply } from "#lib/wire/traces.ts";
import { StateNotice } from "./state-notice.tsx";
import { CostText, DurationText, NumberText } from "./text.tsx";
import { TraceDocuments } from "./trace-documents.tsx";
import { StatusChip } from "./trace-status.tsx";
import { ValueTable } from "./trace-value.tsx";

interface TraceSpanProps {
  readonly reply: SpanReply;
  readonly tree: SpanTree;
  readonly words: string;
}

/** One span in readable form. */
export function TraceSpan({ reply, tree, words }: TraceSpanProps) {
  const { span, documents } = reply;
  const parts: readonly (readonly [string, Json])[] = [
    ["Arguments", reply.toolArgs],
    ["Result", reply.toolResult],
    ["Input", repeats(reply.input, reply.toolArgs) ? null : simplify(reply.input)],
    ["Output", repeats(reply.output, reply.toolResult) ? null : simplify(reply.output)]
  ];
  const rest: readonly (readonly [string, Json])[] = [
    ["Attributes", reply.attributes],
    ["Events", reply.events]
  ];
  return (
    <article className="stack" style={{ maxWidth: 860 }}>
      <header>
        <div className="row" style={{ flexWrap: "wrap" }}>
          <h2 className="grow" style={{ overflowWrap: "anywhere" }}>
            {span.toolName ?? span.name} <span className="faint">{span.kind}</span>
          </h2>
          <StatusChip look={statusLooks[span.status]} />
          <DurationText ms={Math.max(0, span.durationMs)} />
          {span.model ? <code>{span.model}</code> : null}
        </div>
        <SpanFigures reply={reply} tree={tree} />
      </header>
      <Oddities reply={reply} tree={tree} />
      {reply.statusMessage ? (
        <p className={span.status === "error" ? "status-bad" : "soft"}>{reply.statusMessage}</p>
      ) : null}
      {reply.cut ? (
        <StateNotice
          notice={{
            kind: "partial",
            sentence: "A text of this span is longer than a million characters and was cut here."
          }}
        />
      ) : null}
      <Values parts={parts} words={words} />
      {documents && documents.length > 0 ? (
        <section>
          <h3 style={{ marginBottom: 4 }}>Documents</h3>
          <TraceDocuments documents={documents} words={words} />
        </section>
      ) : null}
      <Values parts={rest} words={words} />
    </article>
  );
}

/** When it began, what it spent, and what it spent with all below it. */
function SpanFigures({ reply: { span }, tree }: Omit<TraceSpanProps, "words">) {
  const place = tree.placeOf(span.spanId);
  const below = place < 0 ? 0 : (tree.ends[place] ?? 0) - place - 1;
  const spent = tree.spentAt(place);
  return (
    <p className="soft" style={{ fontSize: 13 }}>
      Begins {span.startMs > 0 ? formatDuration(span.startMs) : "0 s"} after the trace.
      {below > 0 ? (
        <>
          {" "}
          With the <NumberText value={below} /> {below === 1 ? "span" : "spans"} below it:{" "}
        </>
      ) : spent.inputTokens === null && spent.costUsd === null ? null : (
        " "
      )}
      {below === 0 && spent.inputTokens === null && spent.costUsd === null ? null : (
        <>
          <NumberText value={spent.inputTokens} /> → <NumberText value={spent.outputTokens} unit="tokens" />,{" "}
          <CostText usd={spent.costUsd} />.
        </>
      )}
    </p>
  );
}

function Oddities({ reply: { span }, tree }: Omit<TraceSpanProps, "words">) {
  const isLost = tree.placeOf(span.spanId) >= 0 && isOrphan(tree, span);
  if (!isLost && !isBackward(span)) return null;
  return (
    <div className="status-warn">
      {isLost ? (
        <p>
          ! Its parent <code>{span.parentSpanId}</code> is not here: not sent yet, lost or sampled away.
        </p>
      ) : null}
      {isBackward(span) ? (
        <p>! It ends {formatDuration(-span.durationMs)} before it starts, so nobody knows how long it took.</p>
      ) : null}
    </div>
  );
}

function Values({ parts, words }: { readonly parts: readonly (readonly [string, Json])[]; readonly words: string }) {
  return parts
    .filter(([, value]) => value !== null && JSON.stringify(value) !== "{}" && JSON.stringify(value) !== "[]")
    .map(([title, value]) => (
      <section key={title}>
        <h3 style={{ marginBottom: 4 }}>{title}</h3>
        <ValueTable value={value} words={words} />
      </section>
    ));
}

/** A tool's arguments and result often come once more as its input and output. */
function repeats(value: Json, told: Json): boolean {
  return told !== null && JSON.stringify(value) === JSON.stringify(told);
}

/** Messages as role and text; other parts stay as they are. */
function simplify(value: Json): Json {
  if (!Array.isArray(value)) return value;
  return (value as readonly Json[]).map((message) => {
    if (typeof message !== "object" || message === null || Array.isArray(message)) return message;
    const { role, parts } = message as { readonly role?: Json; readonly parts?: Json };
    if (typeof role !== "string" || !Array.isArray(parts)) return message;
    const said = (parts as readonly Json[]).map((part) =>
      typeof part === "object" && part !== null && "content" in part && part.type === "text" ? part.content : part
    );
    return { [role]: said.length === 1 ? (said[0] ?? null) : said } as Json;
  });
}
