import { expect, test } from "vitest";
import { generateSample, type SampleTrace } from "#lib/sample/generate.ts";

const endMs = Date.UTC(2026, 6, 1);
const sample = [...generateSample({ endMs, traces: 2500, seed: 7 })];
const print = (traces: readonly SampleTrace[]) =>
  JSON.stringify(traces, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
const withPattern = (pattern: string) => sample.filter(({ patterns }) => patterns.some((each) => each === pattern));
const dayOf = ({ spans }: SampleTrace) =>
  30 - Math.floor((endMs - 1 - Number(spans[0]!.startNs / 1_000_000n)) / 86_400_000);
const answers = ({ spans }: SampleTrace) =>
  spans
    .filter(({ kind }) => kind === "llm")
    .map(({ outputText }) => outputText ?? "")
    .join("\n");
const docs = ({ spans }: SampleTrace) => spans.flatMap(({ retrievedDocs }) => retrievedDocs ?? []);
const calls = ({ spans }: SampleTrace, name: string) => spans.filter(({ toolName }) => toolName === name);

test("the same seed writes the same bytes and another seed other ones", () => {
  const small = (seed: number) => print([...generateSample({ endMs, traces: 40, seed })]);
  expect(small(3)).toBe(small(3));
  expect(small(3)).not.toBe(small(4));
});

test("plain traffic has no failure planted in it and is of the same kind otherwise", () => {
  const plain = [...generateSample({ endMs, traces: 2500, seed: 7, plants: false })];
  expect(plain.filter(({ patterns }) => patterns.length > 0)).toEqual([]);
  const ofLockers = (trace: SampleTrace) => answers(trace).includes("[note-lockers-1]");
  expect([plain.filter(ofLockers).length, sample.filter(ofLockers).length > 20]).toEqual([0, true]);
  const share = (traces: readonly SampleTrace[], unit: string) =>
    traces.filter(({ spans }) => spans[0]!.businessUnit === unit).length / traces.length;
  for (const unit of ["support", "legal"]) expect(share(plain, unit)).toBeCloseTo(share(sample, unit), 1);
  const late = plain.filter((trace) => dayOf(trace) >= 20);
  expect(late.filter((trace) => answers(trace).includes("60 days"))).toEqual([]);
});

test("four units over thirty days, in order, with ids of their own", () => {
  expect(new Set(sample.map(({ spans }) => spans[0]!.businessUnit))).toEqual(
    new Set(["support", "legal", "wealth", "compliance"])
  );
  const days = sample.map(dayOf);
  expect([Math.min(...days), Math.max(...days)]).toEqual([1, 30]);
  expect(days).toEqual([...days].sort((a, b) => a - b));
  const ids = sample.flatMap(({ spans }) => spans.map(({ spanId }) => spanId));
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(sample.map(({ spans }) => spans[0]!.traceId)).size).toBe(sample.length);
});

test("nothing lies ahead of the clock, whatever the hour, and the same day gives the same sample", () => {
  const write = (nowMs: number) => print([...generateSample({ endMs: nowMs, traces: 60, seed: 7 })]);
  for (const nowMs of [endMs + 3_600_000, endMs + 86_399_999]) expect(write(nowMs)).toBe(write(endMs));
  expect(write(endMs + 86_400_000)).not.toBe(write(endMs));
  const ends = sample.flatMap(({ spans, scores }) => [
    ...spans.map(({ endNs }) => Number(endNs / 1_000_000n)),
    ...scores.map(({ scoredAtMs }) => scoredAtMs)
  ]);
  expect(ends.reduce((latest, end) => Math.max(latest, end), 0)).toBeLessThanOrEqual(endMs);
});

test("most people ask in words of their own", () => {
  expect(new Set(sample.map(({ spans }) => spans[0]!.inputText)).size / sample.length).toBeGreaterThan(0.7);
});

test("spans lie within their trace and carry tokens and cost where a model spoke", () => {
  for (const { spans } of sample) {
    const [root, ...steps] = spans;
    for (const step of steps) {
      expect(step.startNs >= root!.startNs && step.endNs <= root!.endNs && step.endNs >= step.startNs).toBe(true);
      if (step.kind === "llm")
        expect([step.inputTokens! > 0, step.outputTokens! > 0, step.costUsd! > 0]).toEqual([true, true, true]);
    }
  }
});

test("no span gives the answer key away", () => {
  const text = print(sample.map(({ spans, scores }) => ({ spans, scores, patterns: [] })));
  for (const word of [
    "hallucinat",
    "wrong_refund",
    "unsuitable",
    "new_complaint",
    "slow_tool",
    "schema_violation",
    "repeated_calls",
    "pii_leak",
    "planted",
    "sample-key"
  ])
    expect(text.includes(word), word).toBe(false);
});

test("invented cases are cited by the marked traces alone", () => {
  const invented = sample.filter((trace) => {
    const known = new Set(docs(trace).map(({ id }) => id));
    return [...answers(trace).matchAll(/\[(case-[^\]]+)\]/g)].some(([, id]) => !known.has(id!));
  });
  expect(invented.map(({ spans }) => spans[0]!.traceId)).toEqual(
    withPattern("hallucinated_citation")
      .map(({ spans }) => spans[0]!.traceId)
      .filter((id) => invented.some(({ spans }) => spans[0]!.traceId === id))
  );
  expect(invented.length).toBeGreaterThan(20);
});

test("refunds beyond the policy's 30 days begin on day 20", () => {
  const beyond = sample.filter((trace) => {
    const order = calls(trace, "get_order")[0]?.toolResult as { days_since_delivery?: number } | null | undefined;
    return (order?.days_since_delivery ?? 0) > 30 && calls(trace, "issue_refund").length > 0;
  });
  expect(beyond.length).toBeGreaterThan(8);
  expect(beyond.every((trace) => trace.patterns.includes("wrong_refund_policy") && dayOf(trace) >= 20)).toBe(true);
});

test("speculative products for cautious pensioners are the marked ones", () => {
  const marked = withPattern("unsuitable_advice");
  expect(marked.length).toBeGreaterThan(20);
  for (const trace of sample) {
    if (/\[sheet-(leverage|crypto)-7\]/.test(answers(trace))) expect(trace.patterns).toContain("unsuitable_advice");
  }
});

test("the locker complaint does not exist before day 22 and grows", () => {
  const days = withPattern("new_complaint").map(dayOf);
  expect(Math.min(...days)).toBeGreaterThanOrEqual(22);
  const share = (from: number, to: number) => {
    const within = sample.filter(
      (trace) => trace.spans[0]!.businessUnit === "support" && dayOf(trace) >= from && dayOf(trace) <= to
    );
    return within.filter(({ patterns }) => patterns.includes("new_complaint")).length / within.length;
  };
  expect(share(27, 30)).toBeGreaterThan(1.5 * share(22, 25));
});

test("the sanctions screening is several times slower from day 16", () => {
  const median = (traces: readonly SampleTrace[]) => {
    const ms = traces
      .flatMap((trace) => calls(trace, "screen_sanctions").map(({ startNs, endNs }) => Number(endNs - startNs) / 1e6))
      .sort((a, b) => a - b);
    return ms[Math.floor(ms.length / 2)]!;
  };
  expect(
    median(sample.filter((trace) => dayOf(trace) >= 16)) / median(sample.filter((trace) => dayOf(trace) < 16))
  ).toBeGreaterThan(4);
});
