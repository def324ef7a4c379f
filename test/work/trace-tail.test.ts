import { afterAll, beforeAll, expect, test } from "vitest";
import { allTraces, type TraceFilter } from "#lib/wire/trace-filter.ts";
import type { LiveEvent } from "#lib/wire/traces.ts";
import { TraceBrowser } from "#lib/work/trace-browser.ts";
import { TraceTail } from "#lib/work/trace-tail.ts";
import { type LakeFixture, openLakeFixture, scopeOf } from "../server/lake/fixture.ts";
import { hexId, makeSpan } from "../spans.ts";

let fixture: LakeFixture;
let traces: TraceBrowser;
/** Ends the pauses that listeners are in. */
let wake: () => void = () => undefined;
let looks = 0;
const scope = scopeOf(["legal", "support"]);
const noon = BigInt(Date.UTC(2026, 10, 20, 12)) * 1_000_000n;

const pause = () =>
  new Promise<void>((resolve) => {
    looks++;
    wake = resolve;
  });
const openTail = (mostListeners?: number) => new TraceTail({ lake: fixture.lake, traces, pause }, mostListeners);
const send = (traceId: string, more: object = {}) =>
  fixture.lake.append(scope, {
    spans: [makeSpan({ traceId, spanId: "root", kind: "agent", startNs: noon, endNs: noon + 5n, ...more })],
    scores: []
  });
const idsOf = (event: LiveEvent | undefined) => event?.traces.map(({ traceId }) => traceId);
const ids = (...names: string[]) => names.map((name) => hexId(name, 32));

beforeAll(async () => {
  fixture = await openLakeFixture();
  traces = new TraceBrowser({
    lake: fixture.lake,
    annotations: fixture.state.annotations,
    people: fixture.state.people
  });
  await send("old");
});
afterAll(async () => {
  await traces.close();
  await fixture.close();
});

/** A listener, and what it has heard once it waits for more. */
async function listen(tail: TraceTail, filter: Partial<TraceFilter>, since: number) {
  const stop = new AbortController();
  const events = await tail.listen(scope, { ...allTraces, ...filter }, since, stop.signal);
  return {
    next: async () => (await events.next()).value as LiveEvent | undefined,
    async stop() {
      stop.abort();
      wake();
      await events.return(undefined);
    }
  };
}

test("a listener hears of new traces of its filter, and of nothing that was there before", async () => {
  const tail = openTail();
  const { snapshotId } = await traces.list(scope, allTraces);
  const all = await listen(tail, {}, snapshotId);
  await send("a");
  await send("b", { businessUnit: "legal" });
  expect(idsOf(await all.next())).toEqual(ids("a", "b").sort().reverse());
  const legal = await listen(tail, { units: ["legal"] }, snapshotId);
  expect(idsOf(await legal.next())).toEqual(ids("b"));
  await all.stop();
  await legal.stop();
});

test("a trace that goes on is told whole", async () => {
  const { snapshotId } = await traces.list(scope, allTraces);
  const all = await listen(openTail(), {}, snapshotId);
  await send("a", { spanId: "late", parentSpanId: "root", kind: "tool", status: "error", startNs: noon + 2n });
  const event = await all.next();
  expect(event?.traces).toMatchObject([{ traceId: hexId("a", 32), spans: 2, errors: 1 }]);
  await all.stop();
});

test("a new trace is told from what came alone, as the list tells it; the lake is asked where it may know more", async () => {
  let asked = 0;
  const counted: Pick<TraceBrowser, "listThese" | "use"> = {
    listThese(...args) {
      asked++;
      return traces.listThese(...args);
    },
    use: (...args) => traces.use(...args)
  };
  const tail = new TraceTail({ lake: fixture.lake, traces: counted, pause });
  const told = async (filter: Partial<TraceFilter>, since: number) => {
    asked = 0;
    const all = await listen(tail, filter, since);
    const event = await all.next();
    await all.stop();
    return { found: event?.traces, asked };
  };
  const { snapshotId } = await traces.list(scope, allTraces);
  const agent = { agent: "refunds", inputText: "where is my parcel" };
  await send("whole", agent);
  const { traces: listed } = await traces.list(scope, { ...allTraces, agents: ["refunds"] });
  expect(idsOf({ traces: listed } as LiveEvent)).toEqual(ids("whole"));
  expect(await told({}, snapshotId)).toEqual({ found: listed, asked: 0 });
  expect(await told({ agents: ["shop"] }, snapshotId)).toEqual({ found: [], asked: 0 });
  expect(await told({ labels: ["wrong"] }, snapshotId)).toEqual({ found: [], asked: 1 });
  expect((await told({ text: "parcel" }, snapshotId)).found).toMatchObject([{ excerpt: { field: "input" } }]);
  const { snapshotId: between } = await traces.list(scope, allTraces);
  await send("whole", { ...agent, status: "error" });
  const changed = [{ traceId: hexId("whole", 32), spans: 1, status: "error" }];
  expect(await told({}, between)).toMatchObject({ found: changed, asked: 0 });
  expect(await told({}, snapshotId)).toMatchObject({ found: changed, asked: 1 });
});

test("what came while nobody listened, and was sorted into other files since, is heard on return", async () => {
  const { snapshotId } = await traces.list(scope, allTraces);
  await send("c");
  await fixture.lake.flush();
  const back = await listen(openTail(), {}, snapshotId);
  const event = await back.next();
  // The trace that came in two parts is put together by the flush, and told again.
  expect(idsOf(event)).toEqual(ids("a", "c").sort().reverse());
  expect(event?.snapshotId).toBe(await fixture.lake.snapshotId());
  await back.stop();
});

test("more than can be told one by one is a flood", async () => {
  const { snapshotId } = await traces.list(scope, allTraces);
  const all = await listen(openTail(), {}, snapshotId);
  const spans = Array.from({ length: 201 }, (_, at) =>
    makeSpan({ traceId: `many ${at}`, spanId: "root", kind: "agent", startNs: noon })
  );
  await fixture.lake.append(scope, { spans, scores: [] });
  expect(await all.next()).toMatchObject({ traces: [], isFlood: true });
  await all.stop();
});

test("nobody looks while nobody listens, listeners share one look, and there is a bound to them", async () => {
  const tail = openTail(2);
  const snapshotId = await fixture.lake.snapshotId();
  looks = 0;
  const [one, two] = [await listen(tail, {}, snapshotId), await listen(tail, {}, snapshotId)];
  expect(looks).toBe(0);
  await expect(listen(tail, {}, snapshotId)).rejects.toMatchObject({ code: "limit" });
  const heard = [one.next(), two.next()];
  await expect.poll(() => looks).toBe(1);
  await send("d");
  wake();
  expect((await Promise.all(heard)).map(idsOf)).toEqual([ids("d"), ids("d")]);
  await one.stop();
  const third = await listen(tail, {}, snapshotId);
  expect(idsOf(await third.next())).toEqual(ids("d"));
  await Promise.all([two.stop(), third.stop()]);
});
