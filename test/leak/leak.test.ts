import { tableFromIPC } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rights, rightsOf } from "#lib/model/rights.ts";
import { type Role, roles } from "#lib/model/scope.ts";
import type { Need } from "../../app/answer.ts";
import { attacks } from "./attacks.ts";
import { absent, enterPeople, type Ids, mark, plant, strangers, unitSpans } from "./planted.ts";
import { tries } from "./tries.ts";
import {
  type Answer,
  type Ask,
  findRoute,
  listRoutes,
  openWorld,
  type Route,
  type Visitor,
  type World
} from "./workbench.ts";

/** A word that nothing in the lake has, as long as the mark. */
const unknown = "wombat";
/** A word of all traces of the strangers' own unit. */
const own = "plain";

let routes: readonly Route[];
/** The strangers' unit and the other one. */
let world: World;
/** The same without the other one: whoever sees a difference sees the other unit. */
let alone: World;
let foreign: Ids;
/** People of the strangers' unit, one of each role, in each of the two. */
let legal: { readonly world: Readonly<Record<Role, Visitor>>; readonly alone: Readonly<Record<Role, Visitor>> };
/** Whose the other unit is. */
let wealth: Readonly<Record<"lead" | "auditor", Visitor>>;
/** The strangers' own, in each of the two. */
let ours: { readonly world: Ids; readonly alone: Ids };
const tried = new Map<string, number>();

beforeAll(async () => {
  routes = await listRoutes();
  const spans = unitSpans("legal", own, 60);
  [world, alone] = [await openWorld([...spans, ...unitSpans("wealth", mark, 60)]), await openWorld(spans)];
  legal = {
    world: await enterPeople(world, routes, "legal", roles),
    alone: await enterPeople(alone, routes, "legal", roles)
  };
  wealth = await enterPeople(world, routes, "wealth", ["auditor", "lead"]);
  foreign = await plant(world, routes, "wealth", mark, wealth.lead);
  ours = {
    world: await plant(world, routes, "legal", own, legal.world.lead),
    alone: await plant(alone, routes, "legal", own, legal.alone.lead)
  };
}, 180_000);

afterAll(async () => {
  const total = [...tried.values()].reduce((sum, count) => sum + count, 0);
  console.log(`paths tried: ${total} (${[...tried].map(([what, count]) => `${count} ${what}`).join(", ")})`);
  await world?.close();
  await alone?.close();
});

const nameOf = ({ method, path }: Route) => `${method} ${path}`;
/** A route that nobody said how to try fails the suite for that; it is not passed over in the rest. */
const triesOf = (route: Route) => tries[nameOf(route)] ?? ((ids: Ids) => [{ params: ids }]);
const changes = (route: Route) => route.method !== "GET";

function count(what: string): void {
  tried.set(what, (tried.get(what) ?? 0) + 1);
}

/** An answer without what is different whenever it is asked, and with the names of ids in their place. */
function plain(answer: Answer, ids: Ids, word: string, folder = world.dataFolder): string {
  let text = `${answer.status} ${answer.headers} ${plainBody(answer)}`.replaceAll(folder, "«folder»");
  for (const [name, id] of Object.entries(ids)) {
    for (const written of [id, id.toUpperCase(), encodeURIComponent(id)]) text = text.replaceAll(written, `«${name}»`);
  }
  return (
    text
      .replaceAll(BigInt(`0x${ids.traceId.slice(16)}`).toString(), "«short»")
      .replaceAll(word, "«word»")
      .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, "«id»")
      .replaceAll(/"\w*(?:[mM]s|[eE]lapsed|[sS]napshotId|PerCall|[bB]ytes)":\s*-?[\d.e+-]+/g, "«number»")
      .replaceAll(/"version":"[0-9a-f]{12}"|\btb_[\w-]+/g, "«digest»")
      .replaceAll(
        /^id: \d+$|\btime="[\d.]+"|\b[\d.]+ m?s\b|\b[sS]napshot(?::? |<\/dt><dd>)\d+|class="number">[\d.]+</gm,
        "«number»"
      )
      .replaceAll(/\bcell_\d+, /g, "")
      // Workbooks of who is no admin end in letters that nobody could guess.
      .replaceAll(/\battacks-[0-9a-f]{6}\b/g, "attacks")
      .replaceAll(/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?[.\dZ]*/g, "«instant»")
  );
}

/** A body as text that does not depend on the order in which cells ended, or on how bytes are packed. */
function plainBody({ status, headers, bytes, text }: Answer): string {
  if (status === 200 && headers.includes("arrow")) return plainRows(bytes);
  if (!headers.includes("application/json") || text === "") return text;
  const sorted = (_: string, value: unknown) =>
    value !== null && typeof value === "object" && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return JSON.stringify(JSON.parse(text), sorted);
}

/** Rows as text, without columns that differ from run to run. */
function plainRows(bytes: Uint8Array): string {
  const rows = tableFromIPC(bytes).toArray() as readonly Readonly<Record<string, unknown>>[];
  const isSteady = (name: string) => !/(_at|At|_ms|Ms|_id|_seconds|snapshot|explain_value)$|^placed$/.test(name);
  const texts = rows.map((row) =>
    JSON.stringify(
      Object.entries(row).filter(([name]) => isSteady(name)),
      (_, value: unknown) => (typeof value === "bigint" ? String(value) : value)
    )
  );
  return texts.sort().join("\n");
}

/** What an answer tells that the question did not. */
function leaksOf({ bytes, headers }: Answer, ask: Ask, known: readonly string[] = []): readonly string[] {
  const asked = JSON.stringify([ask, known]).toLowerCase();
  const told = `${headers} ${bytes.toString("latin1")}`.toLowerCase();
  const isNew = (text: string) => told.includes(text.toLowerCase()) && !asked.includes(text.toLowerCase());
  const ids = Object.entries(foreign).filter(([, id]) => isNew(id));
  return [...ids.map(([name]) => name), ...(isNew(mark) ? [mark] : [])];
}

/** A finding: what was asked, and what was answered, from shortly before where two answers part. */
function show(asked: string, said: string, otherwise = ""): string {
  let same = 0;
  while (same < said.length && said[same] === otherwise[same]) same++;
  const texts = [said, otherwise].filter(Boolean).map((text) => text.slice(Math.max(0, same - 80), same + 200));
  return [asked.slice(0, 300), ...texts].join("\n  ");
}

const say = (route: Route, ask: Ask) => `${nameOf(route)} ${JSON.stringify(ask)}`;

/** Asks with ids and words of the other unit, and with such as are nowhere: whatever tells one from the other. */
async function findLeaks(stranger: Visitor, isMeant: (route: Route) => boolean): Promise<readonly string[]> {
  const leaks: string[] = [];
  for (const route of routes.filter(isMeant)) {
    const not = triesOf(route)(absent, unknown);
    for (const [index, ask] of triesOf(route)(foreign, mark).entries()) {
      const answer = await world.ask(route, stranger, ask);
      const otherwise = await world.ask(route, stranger, not[index]!);
      count(changes(route) ? "of changes" : "with guessed ids and words");
      // What one asked the trail for oneself stands in it.
      const told = leaksOf(answer, ask, route.handler.need === "audit" ? [foreign.unit, foreign.userId] : []);
      if (told.length > 0) leaks.push(show(`${say(route, ask)} tells ${told.join()}`, answer.text));
      const [a, b] = [plain(answer, foreign, mark), plain(otherwise, absent, unknown)];
      // Each look at the audit trail is in the trail when it is looked at next.
      if (a !== b && route.handler.need !== "audit") leaks.push(show(say(route, ask), a, b));
    }
  }
  return leaks;
}

describe("every route", () => {
  test("names what it needs, and the suite knows how to try it", () => {
    const needs: readonly Need[] = [...rights, "signed-in", "open"];
    const without = routes.filter(({ handler }) => !needs.includes(handler.need)).map(nameOf);
    expect(without, "routes that name no right: export them with answer(right, …)").toEqual([]);
    expect(Object.keys(tries).sort(), "each route needs a try in tries.ts").toEqual(routes.map(nameOf).sort());
  });

  test("that asks for nobody in particular is one of those that let people and programs in", () => {
    const open = routes.filter(({ handler }) => handler.need === "open").map(nameOf);
    expect(open.sort()).toEqual([
      "DELETE api/sign-in",
      "GET api/sign-in/provider/callback/[id]",
      "POST api/invitations/accept",
      "POST api/reset",
      "POST api/set-up",
      "POST api/sign-in",
      "POST api/sign-in/provider",
      "POST v1/logs",
      "POST v1/traces"
    ]);
  });

  test("refuses who is not signed in, before it does anything", async () => {
    const asked: string[] = [];
    for (const route of routes) {
      if (route.handler.need === "open") continue;
      for (const ask of triesOf(route)(foreign, mark)) {
        const answer = await world.ask(route, null, ask);
        count("by nobody");
        if (answer.status !== 401 && answer.status !== 403) asked.push(show(say(route, ask), answer.text));
        if (leaksOf(answer, ask).length > 0) asked.push(show(say(route, ask), answer.text));
      }
    }
    expect(asked).toEqual([]);
  });

  test("refuses each role that lacks its right", async () => {
    const passed: string[] = [];
    for (const role of roles) {
      for (const route of routes) {
        const { need } = route.handler;
        if (need === "open" || need === "signed-in" || rightsOf[role].includes(need)) continue;
        const ask = triesOf(route)(absent, unknown)[0]!;
        const answer = await world.ask(route, legal.world[role], ask);
        count("by roles without the right");
        if (answer.status !== 403) passed.push(`${role}: ${show(say(route, ask), answer.text)}`);
      }
    }
    expect(passed).toEqual([]);
  });
});

describe.each(strangers)("as %s of another unit, one", (role) => {
  test("reads nothing of it, and what is there is answered like what is not", async () => {
    expect((await findLeaks(legal.world[role], (route) => !changes(route))).join("\n")).toBe("");
  }, 120_000);
});

describe("beside a world in which the other unit does not exist", () => {
  test("a lead reads the same everywhere: rows, counts, words, choices, orders", async () => {
    const differences: string[] = [];
    for (const route of routes.filter((each) => !changes(each))) {
      const [here, there] = [triesOf(route)(ours.world, own), triesOf(route)(ours.alone, own)];
      for (const [index, ask] of here.entries()) {
        const answer = await world.ask(route, legal.world.lead, ask);
        const without = await alone.ask(route, legal.alone.lead, there[index]!);
        count("beside a world without the other unit");
        const [a, b] = [plain(answer, ours.world, own), plain(without, ours.alone, own, alone.dataFolder)];
        if (a !== b) differences.push(show(say(route, ask), a, b));
      }
    }
    expect(differences.join("\n")).toBe("");
  }, 120_000);

  test("an expert finds the same by SQL: rows, errors, plans, files, the engine's own tables", async () => {
    const [here, there] = [await runAttacks(world, legal.world.expert), await runAttacks(alone, legal.alone.expert)];
    const sqls = attacks(mark, "«folder»");
    const leaks = here.flatMap((said, index) => {
      count("by SQL");
      const sql = sqls[index]!;
      const tells = [mark, "wealth"].some((word) => said.toLowerCase().includes(word) && !sql.includes(word));
      return said === there[index] && !tells ? [] : [show(sql, said, there[index])];
    });
    expect(leaks.join("\n")).toBe("");
  }, 120_000);
});

/** What each attack gives: rows or fault of its cell, without what changes from run to run. */
async function runAttacks(
  where: World,
  stranger: Visitor,
  texts = attacks(mark, where.dataFolder)
): Promise<readonly string[]> {
  const text = `---\ntitle: attacks\n---\n${texts.map((sql, index) => `\n\`\`\`sql cell_${index}\n${sql}\n\`\`\`\n`).join("")}`;
  const made = await where.ask(findRoute(routes, "POST api/workbooks"), stranger, { body: { title: "attacks", text } });
  const { slug } = JSON.parse(made.text) as { readonly slug: string };
  const ran = await where.ask(findRoute(routes, "POST api/workbooks/[slug]/run"), stranger, {
    params: { slug },
    body: { text, cells: "all", params: {} }
  });
  const last = new Map<string, unknown>();
  for (const line of ran.text.trim().split("\n")) {
    const event = JSON.parse(line) as { readonly kind: string; readonly key?: string; readonly cell?: unknown };
    if (event.kind === "cell") last.set(event.key!, event.cell);
  }
  const rows = findRoute(routes, "GET api/workbooks/[slug]/tables/[table]/rows");
  return Promise.all(
    texts.map(async (_, index) => {
      const answer = await where.ask(rows, stranger, { params: { slug, table: `cell_${index}` } });
      const said = {
        ...answer,
        text: `${JSON.stringify(last.get(`cell_${index}`))} ${plainBody(answer)}`,
        headers: ""
      };
      return plain(said, absent, unknown, where.dataFolder);
    })
  );
}

/** Each is measured between two of the other, so that what else the machine does meets both alike. */
const timedRounds = 20;

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** Share of pairs, one of each, in which the first is less; by chance alone .5, give or take .09 for 20 of each. */
function shareBelow(some: readonly number[], others: readonly number[]): number {
  const below = some.flatMap((one) => others.filter((other) => one < other)).length;
  return below / (some.length * others.length);
}

describe("after all that", () => {
  test.each(strangers)(
    "as %s, one is told of what is not theirs no faster or slower than of what is not there",
    async (role) => {
      const apart: string[] = [];
      for (const route of routes.filter((each) => !changes(each) && /\[\w+Id\]|\[slug\]/.test(each.path))) {
        const [there, not] = [triesOf(route)(foreign, mark)[0]!, triesOf(route)(absent, unknown)[0]!];
        const times: [number[], number[]] = [[], []];
        for (let round = 0; round < timedRounds; round++) {
          for (const [side, ask] of [there, not].entries()) {
            const before = performance.now();
            await world.ask(route, legal.world[role], ask);
            times[side]!.push(performance.now() - before);
          }
        }
        count("timed");
        const [a, b] = [median(times[0]), median(times[1])];
        const share = shareBelow(times[0], times[1]);
        if (Math.abs(a - b) > 1 && (share < 0.08 || share > 0.92)) {
          apart.push(`${nameOf(route)} ${a.toFixed(1)} ms, ${b.toFixed(1)} ms, ${share.toFixed(2)} of pairs`);
        }
      }
      expect(apart).toEqual([]);
    },
    120_000
  );

  test.each(strangers)(
    "as %s, one changes nothing of it, and is told nothing by what is refused",
    async (role) => {
      expect((await findLeaks(legal.world[role], changes)).join("\n")).toBe("");
    },
    120_000
  );

  test("all of the other unit is as it was, and tells those whose it is", async () => {
    const gone: string[] = [];
    for (const route of routes.filter((each) => !changes(each) && each.handler.need !== "open")) {
      for (const ask of triesOf(route)(foreign, mark).slice(0, 1)) {
        const answer = await world.ask(route, route.handler.need === "audit" ? wealth.auditor : wealth.lead, ask);
        if (answer.status >= 400) gone.push(show(say(route, ask), answer.text));
      }
    }
    expect(gone).toEqual([]);
  });
});

test("of an item of a blind queue, a reviewer learns nowhere what another said until both have judged", async () => {
  const [{ lead, expert, scientist }, ids] = [legal.alone, ours.alone];
  const [secret, label] = ["narwhal", "sealed"];
  const ask = async (name: string, who: Visitor, asked: Ask) => {
    const answer = await alone.ask(findRoute(routes, name), who, asked);
    expect(answer.status, `${name}: ${answer.text.slice(0, 500)}`).toBe(200);
    return answer;
  };
  const names = [label, "open"];
  const rubric = {
    labels: names.map((name, at) => ({ name, meaning: "", hotkey: String(at + 1) })),
    ...{ needsJustification: false, hasFreeText: true }
  };
  const rule = { count: 1, by: { kind: "unit" }, spread: "equal", seed: 1 };
  const selection = { kind: "cluster", mapId: ids.mapId, clusterId: 0 };
  const reviewing = { reviewsPerItem: 2, isBlind: true };
  const body = { title: "sealed queue", selection, rule, rubric, reviewing };
  const { queueId } = JSON.parse((await ask("POST api/queues", lead, { body })).text) as { readonly queueId: string };
  const review = async (who: Visitor, request: object) =>
    JSON.parse((await ask("POST api/queues/[queueId]/review", who, { params: { queueId }, body: request })).text);
  const judge = async (who: Visitor, note: string) => {
    const { open } = await review(who, { kind: "next", after: null });
    const { traceId, businessUnit } = open.item as { readonly traceId: string; readonly businessUnit: string };
    const judgement = { kind: "labelled", label, note, quotes: [secret], correctedOutput: secret, flags: [] };
    const item = { traceId, businessUnit };
    await review(who, {
      ...{ kind: "submit", item, rubricVersion: 1, baseVersion: 0, durationMs: 1 },
      judgement: { ...judgement, scales: {}, fields: {} }
    });
    return item;
  };
  const item = await judge(expert, `${secret} of the expert`);
  const sqls = [
    "select * from annotations",
    `select '${secret}' as found from queue_items where queue_id = '${queueId}' and done_by is not null`,
    `select '${secret}' as found from annotations where trace_id = '${item.traceId}' and label = '${label}'`
  ];
  const theirs = { ...ids, ...item, queueId };
  /** What tells the scientist of the expert's judgement. */
  const listTold = async (those: readonly Route[]) => {
    const told: string[] = [];
    for (const route of those) {
      for (const asked of triesOf(route)(theirs, own).slice(0, 1)) {
        const { bytes } = await alone.ask(route, scientist, asked);
        count("of blind queues");
        if (bytes.includes(secret)) told.push(nameOf(route));
      }
    }
    const facets = await ask("GET api/traces/facets", scientist, {});
    if (facets.text.includes(label)) told.push("facets");
    const list = await ask("GET api/traces", scientist, { query: { label } });
    if (list.text.includes(item.traceId)) told.push("list by label");
    const opened = await review(scientist, { kind: "open", item });
    if (JSON.stringify(opened).includes(secret)) told.push("review");
    const rows = await runAttacks(alone, scientist, sqls);
    return [...told, ...sqls.filter((_, at) => new RegExp(`${secret}|${label}`).test(rows[at]!))];
  };
  const reads = routes.filter((each) => !changes(each) && each.handler.need !== "audit");
  expect(await listTold(reads)).toEqual([]);
  await judge(scientist, "of my own");
  const telling = ["GET api/queues/[queueId]/export", "GET api/traces/[traceId]"];
  const others = ["facets", "list by label", "review", ...sqls];
  expect(await listTold(telling.map((name) => findRoute(routes, name)))).toEqual([...telling, ...others]);
}, 60_000);

test("who loses a role while a live list is open hears nothing more, and finds the next page shut", async () => {
  const visitor = await world.enter(routes, "guest-of-legal", [{ businessUnit: "legal", role: "expert" }]);
  const before = await world.ask(findRoute(routes, "GET api/traces"), visitor, {});
  expect(before.status).toBe(200);
  const request = new Request("http://localhost/api/traces/live?since=0", { headers: { cookie: visitor.cookie } });
  const live = await findRoute(routes, "GET api/traces/live").handler(request, { params: Promise.resolve({}) });
  const reader = live.body!.pipeThrough(new TextDecoderStream()).getReader();
  // Its greeting, and all that there is now.
  await reader.read();
  await reader.read();
  await world.strip(routes, "guest-of-legal@example.com");
  await world.append(unitSpans("legal", "afterwards", 1));
  let heard = "";
  for (let read = await reader.read(); !read.done; read = await reader.read()) heard += read.value;
  expect(heard).not.toContain("afterwards");
  expect((await world.ask(findRoute(routes, "GET api/traces"), visitor, {})).status).toBe(403);
}, 60_000);
