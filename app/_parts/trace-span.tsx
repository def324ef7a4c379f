"use client";
import { useState } from "react";
import { statusLooks } from "#lib/browser/outcome-words.ts";
import type { Json } from "#lib/model/span.ts";
import type { SpanReply } from "#lib/wire/traces.ts";
import { Button } from "./button.tsx";
import { StateNotice } from "./state-notice.tsx";
import { CostText, DurationText, NumberText } from "./text.tsx";
import { StatusChip } from "./trace-status.tsx";
import { ValueTable } from "./trace-value.tsx";

/** One span in readable form; its raw JSON is one click away. */
export function TraceSpan({ reply, words }: { readonly reply: SpanReply; readonly words: string }) {
  const [raw, setRaw] = useState(false);
  const { span } = reply;
  const parts: readonly (readonly [string, Json])[] = [
    ["Arguments", reply.toolArgs],
    ["Result", reply.toolResult],
    ["Input", simplify(reply.input)],
    ["Output", simplify(reply.output)],
    ["Documents", reply.documents as unknown as Json],
    ["Attributes", reply.attributes],
    ["Events", reply.events]
  ];
  return (
    <article className="stack" style={{ maxWidth: 860 }}>
      <header className="row" style={{ flexWrap: "wrap" }}>
        <h2 className="grow">
          {span.toolName ?? span.name} <span className="faint">{span.kind}</span>
        </h2>
        <StatusChip look={statusLooks[span.status]} />
        <DurationText ms={span.durationMs} />
        {span.model ? <code>{span.model}</code> : null}
        {span.inputTokens === null ? null : (
          <span>
            <NumberText value={span.inputTokens} /> → <NumberText value={span.outputTokens} unit="tokens" />
          </span>
        )}
        <CostText usd={span.costUsd} />
        <Button small aria-pressed={raw} onClick={() => setRaw(!raw)}>
          {raw ? "Readable" : "Raw JSON"}
        </Button>
      </header>
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
      {raw ? (
        <pre style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>{JSON.stringify(reply, null, 2)}</pre>
      ) : (
        parts
          .filter(([, value]) => value !== null && JSON.stringify(value) !== "{}" && JSON.stringify(value) !== "[]")
          .map(([title, value]) => (
            <section key={title}>
              <h3 style={{ marginBottom: 4 }}>{title}</h3>
              <ValueTable value={value} words={words} />
            </section>
          ))
      )}
    </article>
  );
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
