import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { seededRandom } from "#lib/math/random.ts";
import { rightsOf } from "#lib/model/rights.ts";
import { plainRubric } from "#lib/model/rubric.ts";
import type { Role, Scope } from "#lib/model/scope.ts";
import { systemClock } from "#lib/server/clock.ts";
import { parseConfig } from "#lib/server/config.ts";
import { openState } from "#lib/server/state/state.ts";
import { openWorkbench } from "#lib/server/workbench.ts";
import type { ReviewReply } from "#lib/wire/review.ts";
import { hexId, makeSpan } from "../spans.ts";
import { quantile } from "./lake.ts";
import type { Bench, BenchRow } from "./row.ts";

const [reviewers, scientists, seconds] = [50, 10, Number(process.env.BENCH_SECONDS ?? 60)];
const items = 5000;
const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
const local: Scope = { userId: "owner", roles: ["admin"], businessUnits: ["support"] };

/** What a reviewer thinks about a trace for, at least and at most, and a scientist about a table. */
const thinkMs = { reviewer: [1_000, 3_000], scientist: [1_000, 2_000] } as const;

interface Tally {
  readonly next: number[];
  readonly submit: number[];
  readonly sql: number[];
  readonly open: number[];
  /** By item, who was given it. */
  readonly holders: Map<string, string[]>;
  /** `item person` of each judgement that the server acknowledged. */
  readonly kept: string[];
  readonly refused: string[];
}

/** A lake, a queue of its traces, an account and a key for everybody. */
async function prepare(dataFolder: string) {
  const workbench = await openWorkbench(parseConfig({ TRACEBOOK_DATA: dataFolder }, root), root);
  const ids = Array.from({ length: items }, (_, at) => `t${at}`);
  const text = "The customer asked for a refund of order 4711 and the agent looked up the rule for it. ".repeat(5);
  const spans = ids.flatMap((traceId) =>
    [0, 1, 2].map((step) =>
      makeSpan({
        ...{ traceId, spanId: `${traceId}-${step}`, parentSpanId: step === 0 ? null : `${traceId}-0` },
        ...{ kind: step === 0 ? "agent" : "llm", agent: "refunds", inputText: text, outputText: text },
        input: [{ role: "user", parts: [{ type: "text", content: text }] }],
        output: [{ role: "assistant", parts: [{ type: "text", content: text }] }]
      })
    )
  );
  await workbench.lake.append(local, { spans, scores: [] });
  await workbench.lake.flush();
  const { queueId } = await workbench.queues.create(local, {
    ...{ title: "Load", rubric: plainRubric, reviewing: { reviewsPerItem: 1 } },
    origin: { selection: null, mapVersion: null, sql: "select trace_id from traces", snapshotId: 1 },
    rule: { count: items, by: { kind: "unit" }, spread: "equal", seed: 1 },
    items: ids.map((id) => ({
      ...{ traceId: hexId(id, 32), businessUnit: "support", stratum: "all", inclusionProbability: 1 }
    }))
  });
  await workbench.close();
  const state = await openState({ dataFolder, databaseUrl: null }, systemClock);
  const owner = await state.people.createFirst(local, { email: "o@x.test", name: "Owner", passwordHash: null });
  const enter = async (name: string, role: Role) => {
    const { userId } = await state.people.createAdmin(local, { email: `${name}@x.test`, name, passwordHash: null });
    await state.people.setMemberships(local, userId, [{ businessUnit: "support", role }]);
    const limits = { rights: rightsOf[role], businessUnits: ["support"] };
    const scope = { userId, roles: [], businessUnits: ["support"] };
    const { secret } = await state.apiKeys.create(scope, { ...limits, name: "bench", days: 1 });
    return { userId, secret };
  };
  const people = {
    reviewers: await Promise.all(Array.from({ length: reviewers }, (_, at) => enter(`reviewer${at}`, "expert"))),
    scientists: await Promise.all(Array.from({ length: scientists }, (_, at) => enter(`scientist${at}`, "scientist")))
  };
  await state.close();
  return { owner, queueId, people };
}

type Person = Awaited<ReturnType<typeof prepare>>["people"]["reviewers"][number];

/** Judges one item after the other: asks for the next, reads the trace, thinks, submits, looks at the progress. */
async function review(address: string, queueId: string, who: Person, seed: number, until: number, tally: Tally) {
  const [random, path] = [seededRandom(seed), `/api/queues/${queueId}/review`];
  let after: { readonly traceId: string; readonly businessUnit: string } | null = null;
  // They do not all come in the same moment.
  await pause(random() * thinkMs.reviewer[1]);
  while (performance.now() < until) {
    const given = await timed(tally.next, () => send<ReviewReply>(address + path, who, { kind: "next", after }));
    const open = given.open;
    if (!open) return;
    const { traceId, businessUnit } = open.item;
    tally.holders.set(traceId, [...(tally.holders.get(traceId) ?? []), who.userId]);
    await send(`${address}/api/traces/${traceId}/conversation`, who);
    await pause(between(random, thinkMs.reviewer));
    after = { traceId, businessUnit };
    const judgement = {
      ...{ kind: "labelled", label: random() < 0.7 ? "good" : "bad", note: "as the rule says", quotes: [] },
      ...{ correctedOutput: null, flags: [], scales: {}, fields: {} }
    };
    const submit = { kind: "submit", item: after, judgement, rubricVersion: 1, baseVersion: 0, durationMs: 2000 };
    try {
      await timed(tally.submit, () => send(address + path, who, submit));
      tally.kept.push(`${traceId} ${who.userId}`);
    } catch (error) {
      tally.refused.push(error instanceof Error ? error.message : String(error));
    }
    await send(address + path, who);
  }
}

/** Changes and runs a SQL cell, and opens a trace. */
async function explore(address: string, who: Person, at: number, until: number, tally: Tally) {
  const random = seededRandom(1000 + at);
  const { slug } = await send<{ readonly slug: string }>(`${address}/api/workbooks`, who, {
    ...{ title: `Load ${at}`, text: `---\ntitle: Load ${at}\n---\n` }
  });
  for (let turn = 0; performance.now() < until; turn++) {
    const sql = `select status, count(*) as n, avg(llm_calls) as calls from traces where trace_id > '${turn % 10}' group by status`;
    const text = `---\ntitle: Load ${at}\n---\n\n\`\`\`sql counted\n${sql}\n\`\`\`\n`;
    await timed(tally.sql, () => send(`${address}/api/workbooks/${slug}/run`, who, { text, cells: "all", params: {} }));
    const traceId = hexId(`t${Math.floor(random() * items)}`, 32);
    await timed(tally.open, () => send(`${address}/api/traces/${traceId}`, who));
    await pause(between(random, thinkMs.scientist));
  }
}

const between = (random: () => number, [low, high]: readonly [number, number]) => low + random() * (high - low);

async function timed<T>(times: number[], work: () => Promise<T>): Promise<T> {
  const from = performance.now();
  const value = await work();
  times.push(performance.now() - from);
  return value;
}

async function send<T = unknown>(address: string, { secret }: Person, body?: unknown): Promise<T> {
  const headers = { authorization: `Bearer ${secret}`, "content-type": "application/json" };
  const reply = await fetch(
    address,
    body === undefined ? { headers } : { method: "POST", headers, body: JSON.stringify(body) }
  );
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${reply.status} ${text.slice(0, 300)}`);
  return (text.startsWith("{") && !text.includes("\n") ? JSON.parse(text) : text) as T;
}

async function startServer(dataFolder: string): Promise<{ readonly address: string; readonly server: ChildProcess }> {
  const server = spawn(process.execPath, [`${root}/app/_cli/launch.mjs`, "serve"], {
    env: { ...process.env, TRACEBOOK_DATA: dataFolder, PORT: "0", NODE_ENV: "production" },
    stdio: ["ignore", "pipe", "pipe"]
  });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let said = "";
  const hear = (chunk: Buffer) => {
    said += chunk.toString();
    const found = /ready at (http:\/\/\S+)/.exec(said);
    if (found) resolve(found[1]!);
  };
  server.stdout.on("data", hear);
  server.stderr.on("data", hear);
  server.once("exit", () => reject(new Error(`the server ended before it was ready:\n${said}`)));
  return { address: await promise, server };
}

/** What the store holds of judgements once the server has stopped: `item person` of each, and of each annotation. */
async function readStore(dataFolder: string) {
  const state = await openState({ dataFolder, databaseUrl: null }, systemClock);
  try {
    const reviews = await state.db.selectFrom("reviews").select(["trace_id", "user_id"]).execute();
    const annotations = await state.annotations.list(local);
    return {
      reviews: new Set(reviews.map((row) => `${row.trace_id} ${row.user_id}`)),
      annotations: new Set(annotations.map(({ traceId, userId }) => `${traceId} ${userId}`))
    };
  } finally {
    await state.close();
  }
}

async function measure(): Promise<readonly BenchRow[]> {
  const dataFolder = await mkdtemp(`${tmpdir()}/tracebook-bench-`);
  try {
    const { queueId, people } = await prepare(dataFolder);
    const { address, server } = await startServer(dataFolder);
    const tally: Tally = { next: [], submit: [], sql: [], open: [], holders: new Map(), kept: [], refused: [] };
    try {
      const until = performance.now() + seconds * 1000;
      await Promise.all([
        ...people.reviewers.map((who, at) => review(address, queueId, who, at + 1, until, tally)),
        ...people.scientists.map((who, at) => explore(address, who, at, until, tally))
      ]);
    } finally {
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGTERM");
      await ended;
    }
    return report(tally, await readStore(dataFolder));
  } finally {
    await rm(dataFolder, { recursive: true, force: true });
  }
}

function report(tally: Tally, store: Awaited<ReturnType<typeof readStore>>): readonly BenchRow[] {
  const load = `${reviewers} reviewers, ${scientists} scientists, ${seconds} s`;
  const row = (what: string, times: readonly number[], target: number): BenchRow => {
    const value = quantile(times, 0.95);
    return {
      ...{ name: `review, ${load}: p95 of ${what} (${times.length.toLocaleString("en-US")})`, value, unit: "ms" },
      ...{ against: "nothing", rival: null, ratio: value / target, target: `<= ${target} ms`, met: value <= target }
    };
  };
  const none = (what: string, value: number, against: string): BenchRow => ({
    ...{ name: `review, ${load}: ${what}`, value, unit: "", against, rival: null },
    ...{ ratio: value, target: "0", met: value === 0 }
  });
  const shared = [...tally.holders.values()].filter((held) => new Set(held).size > 1).length;
  const lost = tally.kept.filter((one) => !store.reviews.has(one) || !store.annotations.has(one)).length;
  for (const refused of new Set(tally.refused)) console.error(`a submit was refused: ${refused}`);
  return [
    row("submit", tally.submit, 300),
    row("next item", tally.next, 300),
    row("SQL cell", tally.sql, 1000),
    row("trace open", tally.open, 500),
    none("items that two people held", shared, `${tally.holders.size.toLocaleString("en-US")} items given out`),
    none("judgements that were refused", tally.refused.length, "all submits"),
    none(
      "judgements acknowledged and not in the store",
      lost,
      `${tally.kept.length.toLocaleString("en-US")} acknowledged`
    )
  ];
}

export const benches: readonly Bench[] = [{ name: "review", run: measure }];
