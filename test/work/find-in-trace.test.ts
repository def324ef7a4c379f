import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Kernel } from "#lib/ports/kernel.ts";
import { findInTrace } from "#lib/work/find-in-trace.ts";
import { openTrace, readConversation, readTree } from "#lib/work/trace-open.ts";
import { type LakeFixture, openLakeFixture, scopeOf } from "../server/lake/fixture.ts";
import { hexId, makeSpan } from "../spans.ts";

describe("an opened trace", () => {
  const scope = scopeOf(["support"]);
  const traceId = hexId("t", 32);
  let fixture: LakeFixture;
  let kernel: Kernel;

  beforeAll(async () => {
    fixture = await openLakeFixture();
    const startNs = BigInt(Date.UTC(2026, 10, 20, 9)) * 1_000_000n;
    const step = (at: number) => ({
      traceId: "t",
      spanId: `s${at}`,
      startNs: startNs + BigInt(at) * 1_000_000n,
      ...(at > 0 ? { parentSpanId: "s0" } : {})
    });
    await fixture.lake.append(scope, {
      spans: [
        makeSpan({ ...step(0), kind: "agent", name: "Refund desk", serviceName: "shop" }),
        makeSpan({
          ...step(1),
          kind: "llm",
          input: [{ role: "user", parts: [{ type: "text", content: 'They said "never" to a REFUND' }] }],
          inputText: 'They said "never" to a REFUND',
          output: [{ role: "assistant", parts: [{ type: "tool_call", name: "look_up", arguments: { order: "A-17" } }] }]
        }),
        makeSpan({
          ...step(2),
          kind: "tool",
          toolName: "look_up",
          input: { order: "A-17" },
          inputText: "A-17",
          toolArgs: { order: "A-17" },
          toolResult: { note: 'line one\nsaid "never"' }
        }),
        makeSpan({
          ...step(3),
          kind: "retriever",
          retrievedDocs: [{ id: "p", content: "Refunds within 30 days", score: 0.9, metadata: null }]
        }),
        makeSpan({ ...step(4), status: "error", statusMessage: "the refund was refused" })
      ],
      scores: []
    });
    kernel = await fixture.lake.openKernel(scope);
  }, 60_000);

  afterAll(async () => {
    await kernel.close();
    await fixture.close();
  });

  test("finds words in names, texts, documents and errors, in any case of their letters", async () => {
    const { hits, total } = await findInTrace(kernel, traceId, " refund ");
    expect(total).toBe(4);
    expect(hits.map(({ spanId, field, found }) => [spanId, field, found])).toEqual([
      [hexId("t/s0", 16), "name", "Refund"],
      [hexId("t/s1", 16), "input", "REFUND"],
      [hexId("t/s3", 16), "documents", "Refund"],
      [hexId("t/s4", 16), "error", "refund"]
    ]);
    expect(hits[1]).toMatchObject({ before: 'They said "never" to a ', after: "" });
  });

  test("finds arguments where they were asked for and where they arrived, and a tool's input once", async () => {
    const { hits } = await findInTrace(kernel, traceId, "a-17");
    expect(hits.map(({ field }) => field)).toEqual(["output", "arguments"]);
  });

  test("finds quotation marks inside JSON and shows them as they were written", async () => {
    const { hits } = await findInTrace(kernel, traceId, 'said "never"');
    expect(hits.map(({ field, found }) => [field, found])).toEqual([
      ["input", 'said "never"'],
      ["result", 'said "never"']
    ]);
    expect(hits[1]?.before).toBe('{"note":"line one ');
  });

  test("takes what looks like SQL for text, and finds nothing where nothing is", async () => {
    expect(await findInTrace(kernel, traceId, "'; DROP table spans; --")).toEqual({
      words: "'; drop table spans; --",
      hits: [],
      total: 0
    });
    await expect(findInTrace(kernel, traceId, " ")).rejects.toMatchObject({ code: "invalid" });
    await expect(findInTrace(kernel, traceId, "x".repeat(201))).rejects.toMatchObject({ code: "invalid" });
  });

  test("comes with its rows and without any text of a span", async () => {
    const reply = await openTrace(kernel, fixture.state.annotations, scope, traceId.toUpperCase());
    expect(reply).toMatchObject({ service: "shop", rowsCut: false, trace: { traceId, spans: 5 } });
    expect(reply.rows).toHaveLength(5);
    expect(JSON.stringify(reply.rows)).not.toContain("A-17");
    expect(JSON.parse(await readTree(kernel, traceId))).toEqual({ rows: reply.rows, rowsCut: false });
  });

  test("tells its conversation by itself", async () => {
    const { turns, spoken } = await readConversation(kernel, traceId, 2);
    expect(spoken).toEqual({ shown: 2, total: 4 });
    expect(turns[0]).toMatchObject({ kind: "message", role: "user", text: 'They said "never" to a REFUND' });
  });
});
