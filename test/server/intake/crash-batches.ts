import type { SentSpan } from "./bodies.ts";

/** Unit of all that the senders of a crash test send. */
export const crashedUnit = "support";

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");

const traceIdOf = (sender: number, n: number): string => `c0ffee${hex(sender + 1, 10)}${hex(n + 1, 16)}`;

const step = (sender: number, n: number, at: number, note: string): SentSpan => ({
  traceId: traceIdOf(sender, n),
  spanId: hex(at + 1, 16),
  ...(at === 0 ? {} : { parentSpanId: hex(1, 16) }),
  name: note,
  startNs: 1_763_600_000_000_000_000n + BigInt(n * 1_000_000_000 + at),
  attributes: {
    "gen_ai.operation.name": "chat",
    "gen_ai.input.messages": `[{"role":"user","parts":[{"type":"text","content":"${`${note} `.repeat(1 + (n % 40) * 20)}"}]}]`
  }
});

/** What a sender sends as its nth: a new trace, a late step of the one before, now and then a correction. */
export function crashBatch(sender: number, n: number): readonly SentSpan[] {
  const spans = ["root", "a", "b"].map((name, at) => step(sender, n, at, `${name} of ${n}`));
  if (n > 0) spans.push(step(sender, n - 1, 3, `late in ${n}`));
  if (n > 1 && n % 3 === 0) spans.push(step(sender, n - 2, 1, `corrected in ${n}`));
  return spans;
}

/** What the lake must hold of a span beside its ids, as `select name, input_text` has it. */
export function contentOf({ name, attributes = {} }: SentSpan): string {
  const [message] = JSON.parse(String(attributes["gen_ai.input.messages"])) as { parts: { content: string }[] }[];
  return `${name}\n${message!.parts[0]!.content}`;
}
