import type { SentLog, SentSpan } from "./bodies.ts";

/** Unit of all that the senders of a crash test send. */
export const crashedUnit = "support";

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");

const traceIdOf = (sender: number, n: number): string => `c0ffee${hex(sender + 1, 10)}${hex(n + 1, 16)}`;

const textOf = (note: string, n: number): string => `${note} `.repeat(1 + (n % 40) * 20);

const step = (sender: number, n: number, at: number, note: string): SentSpan => ({
  traceId: traceIdOf(sender, n),
  spanId: hex(at + 1, 16),
  ...(at === 0 ? {} : { parentSpanId: hex(1, 16) }),
  name: note,
  startNs: 1_763_600_000_000_000_000n + BigInt(n * 1_000_000_000 + at),
  attributes: {
    "gen_ai.operation.name": "chat",
    // What went into the third step is told in a log.
    ...(at === 2
      ? {}
      : { "gen_ai.input.messages": [{ role: "user", parts: [{ type: "text", content: textOf(note, n) }] }] })
  }
});

/** What a sender sends as its nth: a new trace, a late step of the one before, now and then a correction. */
export function crashBatch(sender: number, n: number): readonly SentSpan[] {
  const spans = ["root", "a", "b"].map((name, at) => step(sender, n, at, `${name} of ${n}`));
  if (n > 0) spans.push(step(sender, n - 1, 3, `late in ${n}`));
  if (n > 1 && n % 3 === 0) spans.push(step(sender, n - 2, 1, `corrected in ${n}`));
  return spans;
}

/** What a sender says in logs of a step of its nth batch. */
export function crashLogs(sender: number, n: number): readonly SentLog[] {
  const { traceId, spanId, name } = crashBatch(sender, n)[2]!;
  return [{ traceId, spanId, eventName: "gen_ai.user.message", body: { content: textOf(name, n) } }];
}

/** Whether what went into a span is told in a log. */
export const isTold = ({ attributes = {} }: SentSpan): boolean => !("gen_ai.input.messages" in attributes);

/** What the lake must hold of a span of the nth batch beside its ids, as `select name, input_text` has it. */
export function contentOf({ name, startNs = 0n }: SentSpan): string {
  return `${name}\n${textOf(name, Number((startNs - 1_763_600_000_000_000_000n) / 1_000_000_000n))}`;
}
