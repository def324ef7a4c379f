import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SpanRowsReply } from "#lib/wire/trace.ts";
import { allTraces } from "#lib/wire/trace-filter.ts";
import { readHealth } from "#lib/work/home.ts";
import { TraceBrowser } from "#lib/work/trace-browser.ts";
import { type LakeFixture, openLakeFixture, scopeOf } from "../server/lake/fixture.ts";
import { hexId, makeSpan } from "../spans.ts";

const user = (content: string) => ({ role: "user", parts: [{ type: "text", content }] });
const assistant = (content: string) => ({ role: "assistant", parts: [{ type: "text", content }] });
const noon = BigInt(Date.UTC(2026, 10, 20, 12)) * 1_000_000n;
const second = 1_000_000_000n;

describe("the trace browser", () => {
  let fixture: LakeFixture;
  let browser: TraceBrowser;
  const everything = scopeOf(["support", "finance"]);

  beforeAll(async () => {
    fixture = await openLakeFixture();
    browser = new TraceBrowser({
      lake: fixture.lake,
      annotations: fixture.state.annotations,
      people: fixture.state.people
    });
    const spans = Array.from({ length: 30 }, (_, at) => {
      const traceId = `t${at}`;
      const startNs = noon + BigInt(at) * 60n * second;
      const own = {
        traceId,
        startNs,
        businessUnit: at % 3 === 0 ? "finance" : "support",
        agent: at % 2 ? "refunds" : "billing"
      };
      return [
        makeSpan({
          ...own,
          spanId: "root",
          kind: "agent",
          status: at % 5 === 0 ? "error" : "ok",
          endNs: startNs + 9n * second
        }),
        makeSpan({
          ...own,
          spanId: "llm",
          parentSpanId: "root",
          kind: "llm",
          model: "gpt-4.1",
          startNs: startNs + second,
          input: [user(`I was charged ${at} times`)],
          output: [assistant("Let me look.")],
          inputTokens: 10,
          outputTokens: 5
        }),
        makeSpan({
          ...own,
          spanId: "tool",
          parentSpanId: "lost",
          kind: "tool",
          toolName: "find_order",
          startNs: startNs + 2n * second,
          toolArgs: { order: at },
          toolResult: "found"
        })
      ];
    }).flat();
    await fixture.lake.append(everything, { spans, scores: [] });
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    await fixture.close();
  });

  test("lists the newest first, in pages that neither repeat nor lose a trace", async () => {
    const seen: string[] = [];
    let before: string | null = null;
    do {
      const page: Awaited<ReturnType<TraceBrowser["list"]>> = await browser.list(everything, {
        ...allTraces,
        limit: 7,
        before
      });
      seen.push(...page.traces.map(({ traceId }) => traceId));
      before = page.next;
    } while (before !== null);
    expect(seen).toEqual(Array.from({ length: 30 }, (_, at) => hexId(`t${29 - at}`, 32)));
  });

  test("shows nothing of another unit", async () => {
    const own = scopeOf(["finance"], "scientist");
    const { total, facets } = await browser.facets(own, allTraces);
    expect(total).toBe(10);
    expect(facets.unit?.choices).toEqual([["finance", 10]]);
    await expect(browser.open(own, hexId("t1", 32))).rejects.toMatchObject({ code: "missing" });
    await expect(browser.summary(own, hexId("t1", 32))).rejects.toMatchObject({ code: "missing" });
    const { trace } = await browser.open(everything, hexId("t1", 32));
    expect(await browser.summary(everything, hexId("t1", 32))).toEqual(trace);
    expect(trace.input).toMatch(/charged/i);
  });

  test("filters by every facet and by text, and counts a facet without its own choice", async () => {
    const { total, facets } = await browser.facets(everything, {
      ...allTraces,
      agents: ["refunds"],
      statuses: ["error"],
      tools: ["find_order"]
    });
    expect(total).toBe(3);
    expect(facets.agent?.choices).toEqual([
      ["billing", 3],
      ["refunds", 3]
    ]);
    const found = await browser.list(everything, { ...allTraces, text: "Charged 17 TIMES" });
    expect(found.traces.map(({ traceId }) => traceId)).toEqual([hexId("t17", 32)]);
    expect(found.traces[0]?.input).toBe("I was charged 17 times");
  });

  test("counts every trace of the range once in the histogram", async () => {
    const { histogram, total } = await browser.facets(everything, allTraces);
    expect(histogram.counts.reduce((sum, n) => sum + n, 0)).toBe(total);
    expect(histogram.errors.reduce((sum, n) => sum + n, 0)).toBe(6);
  });

  test("takes quotes in a filter for text, not for SQL", async () => {
    const page = await browser.list(everything, {
      ...allTraces,
      text: "'; drop table traces; --",
      agents: ["o'brien"]
    });
    expect(page.traces).toEqual([]);
  });

  test("names a cursor that no list gave out", async () => {
    await expect(browser.list(everything, { ...allTraces, before: "x" })).rejects.toMatchObject({ code: "invalid" });
  });

  test("opens a trace with an orphan in its tree and calls in its conversation", async () => {
    const reply = await browser.open(everything, hexId("t4", 32).toUpperCase());
    expect(
      reply.rows.map(([spanId, , , , , startMs]) => [spanId, startMs]).sort((a, b) => Number(a[1]) - Number(b[1]))
    ).toEqual([
      [hexId("t4/root", 16), 0],
      [hexId("t4/llm", 16), 1000],
      [hexId("t4/tool", 16), 2000]
    ]);
    expect((await browser.conversation(everything, hexId("t4", 32))).turns).toMatchObject([
      { kind: "message", role: "user", text: "I was charged 4 times" },
      { kind: "message", role: "assistant", text: "Let me look." },
      { kind: "tool", name: "find_order", args: { order: 4 }, result: "found" }
    ]);
    expect(reply.rowsCut).toBe(false);
    expect(await browser.locate(everything, hexId("t4", 32).toUpperCase())).toBe(hexId("t4", 32));
    expect((await browser.find(everything, hexId("t4", 32), "charged 4")).total).toBe(1);
  });

  test("opens a long trace with its first spans, and gives the whole tree when asked", async () => {
    const own = { traceId: "long", businessUnit: "legal" };
    const spans = Array.from({ length: 1200 }, (_, at) =>
      makeSpan({
        ...own,
        spanId: `s${at}`,
        kind: at === 0 ? "agent" : "tool",
        ...(at === 0 ? {} : { parentSpanId: "s0" }),
        startNs: noon - 86_400n * second + BigInt(at) * second
      })
    );
    const legal = scopeOf(["legal"]);
    await fixture.lake.append(legal, { spans, scores: [] });
    const reply = await browser.open(legal, hexId("long", 32));
    expect(reply.rowsCut).toBe(true);
    expect(reply.rows).toHaveLength(1000);
    const tree = JSON.parse(await browser.tree(legal, hexId("long", 32))) as SpanRowsReply;
    expect(tree.rowsCut).toBe(false);
    expect(tree.rows).toHaveLength(1200);
    expect(new Set(tree.rows.filter((row) => row[5] < 1_000_000).map(([spanId]) => spanId))).toEqual(
      new Set(reply.rows.map(([spanId]) => spanId))
    );
    const talk = await browser.conversation(legal, hexId("long", 32));
    expect(talk.spoken).toEqual({ shown: 600, total: 1200 });
  });

  test("gives one span whole, and names one that is missing", async () => {
    const spanId = hexId("t4/tool", 16);
    const reply = await browser.span(everything, hexId("t4", 32), spanId);
    expect(reply).toMatchObject({ toolArgs: { order: 4 }, toolResult: "found", cut: false });
    await expect(browser.span(everything, hexId("t4", 32), "no")).rejects.toMatchObject({ code: "missing" });
  });

  test("sums up the health of each unit at the time of its own data", async () => {
    const [finance, support, idle] = await browser.use(everything, (kernel) =>
      readHealth(kernel, ["finance", "support", "idle"])
    );
    expect(finance).toMatchObject({ traces: 10, tracesBefore: 0, errors: 2 });
    expect(support?.perDay.at(-1)).toBe(20);
    expect(idle).toMatchObject({ traces: 0, newestMs: null, p95DurationMs: null });
  });

  test("sees what was appended since, without being opened again", async () => {
    await fixture.lake.append(everything, {
      spans: [makeSpan({ traceId: "late", spanId: "root", kind: "agent", startNs: noon + 3600n * second })],
      scores: []
    });
    expect((await browser.list(everything, allTraces)).traces[0]?.traceId).toBe(hexId("late", 32));
  });
});
