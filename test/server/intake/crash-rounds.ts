import { setTimeout as pause } from "node:timers/promises";
import { seededRandom } from "#lib/math/random.ts";
import type { ExportEncoding } from "#lib/ports/intake.ts";
import { systemClock } from "#lib/server/clock.ts";
import { openState } from "#lib/server/state/state.ts";
import { openLakeFixture, scopeOf } from "../lake/fixture.ts";
import { encodeBody, postExport, type SentLog, type SentSpan } from "./bodies.ts";
import { contentOf, crashBatch, crashedUnit, crashLogs, isTold } from "./crash-batches.ts";

/** A server process that can be sent to, and killed. */
export interface KillableServer {
  readonly url: string;
  /** Kills it at once, without a farewell, and waits until it is gone. */
  kill(): Promise<void>;
}

/** What some kills came to. */
export interface CrashReport {
  readonly kills: number;
  /** Requests, of spans or of logs, that were answered 200 without a rejection. */
  readonly acknowledged: number;
  /** Requests whose connection broke before an answer; about half of them were sent again. */
  readonly broken: number;
  /** Spans in the lake at the end. */
  readonly spans: number;
  /** Of these, spans that nobody had been told are there. */
  readonly unsaid: number;
}

/** What is known of one span: what the lake must hold of it, or may hold instead. */
interface Promised {
  /** Null while no version was acknowledged. */
  acknowledged: string | null;
  /** Versions sent since then, whose fate is not known. */
  readonly possible: Set<string>;
  /** Whether a log that tells what went into the span was sent, and acknowledged. */
  told: "not" | "perhaps" | "surely";
  /** What went into the span is told by a log alone. */
  isTold: boolean;
}

/** One request: spans, or logs of them. */
type Sent = { readonly spans: readonly SentSpan[] } | { readonly logs: readonly SentLog[] };

/**
 * Sends from several connections in both encodings while the server is killed again and again, and compares
 * at the end what the lake holds with what was acknowledged.
 *
 * @param dataFolder  folder of the lake and the state
 * @param start       starts a server over that folder
 * @throws when a span is lost, doubled or not as sent, or the lake does not verify
 */
export async function runCrashRounds(
  dataFolder: string,
  start: () => Promise<KillableServer>,
  { kills, seed, senders }: { readonly kills: number; readonly seed: number; readonly senders: number }
): Promise<CrashReport> {
  const random = seededRandom(seed);
  const secret = await createSecret(dataFolder);
  const promises = new Map<string, Promised>();
  let [acknowledged, broken] = [0, 0];
  let server: Promise<KillableServer> = start();
  let ending = false;
  const heard: (() => void)[] = [];

  const send = async (encoding: ExportEncoding, sent: Sent): Promise<"said" | "broken" | "later"> => {
    noteSent(promises, sent);
    const { url } = await server;
    let answer: Response;
    let text: string;
    try {
      const signal = "spans" in sent ? "traces" : "logs";
      answer = await postExport({ url, secret }, signal, encoding, encodeBody(encoding, sent));
      text = await answer.text();
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      broken += 1;
      return "broken";
    }
    if (answer.status === 429 || answer.status === 503) return "later";
    if (answer.status !== 200 || (text !== "" && text !== "{}")) throw new Error(`answered ${answer.status}: ${text}`);
    acknowledged += 1;
    noteSaid(promises, sent);
    for (const tell of heard.splice(0)) tell();
    return "said";
  };

  const work = async (sender: number): Promise<void> => {
    const encoding = sender % 2 === 0 ? "protobuf" : "json";
    for (let n = 0; ; n += 1) {
      const requests: readonly Sent[] = [{ spans: crashBatch(sender, n) }, { logs: crashLogs(sender, n) }];
      for (const sent of n % 2 === 0 ? requests : requests.toReversed()) {
        for (let fate = await send(encoding, sent); fate !== "said"; fate = await send(encoding, sent)) {
          if (ending) return;
          if (fate === "later") await pause(50);
          // What is given up may be there or not; what is sent again must not be there twice.
          else if (random() < 0.5) break;
        }
        if (ending) return;
      }
    }
  };

  const working = Promise.all(Array.from({ length: senders }, (_, sender) => work(sender)));
  const killing = async () => {
    for (let kill = 1; kill <= kills; kill += 1) {
      const { kill: end } = await server;
      for (let left = 1 + Math.floor(random() * 8); left > 0; left -= 1)
        await new Promise<void>((resolve) => heard.push(resolve));
      // A moment of its own for each kill: within an append, a flush, a sweep or an answer.
      await pause(random() ** 2 * 400);
      ending = kill === kills;
      const next = Promise.withResolvers<KillableServer>();
      if (!ending) server = next.promise;
      await end();
      if (!ending) start().then(next.resolve, next.reject);
    }
  };
  try {
    await Promise.all([working, killing()]);
  } catch (error) {
    ending = true;
    await (await server).kill();
    throw error;
  }
  return { kills, acknowledged, broken, ...(await compareLake(dataFolder, promises)) };
}

async function createSecret(dataFolder: string): Promise<string> {
  const state = await openState({ dataFolder, databaseUrl: null }, systemClock);
  try {
    const request = { businessUnit: crashedUnit, name: `sender ${systemClock.newId()}` };
    return (await state.ingestKeys.create(scopeOf([crashedUnit]), request)).secret;
  } finally {
    await state.close();
  }
}

function promisedOf(promises: Map<string, Promised>, { traceId, spanId }: SentSpan | SentLog): Promised {
  const key = `${traceId} ${spanId}`;
  const none: Promised = { acknowledged: null, possible: new Set(), told: "not", isTold: false };
  const promised = promises.get(key) ?? none;
  promises.set(key, promised);
  return promised;
}

function noteSent(promises: Map<string, Promised>, sent: Sent): void {
  if ("logs" in sent) {
    for (const log of sent.logs) {
      const promised = promisedOf(promises, log);
      if (promised.told === "not") promised.told = "perhaps";
    }
    return;
  }
  for (const span of sent.spans) {
    const promised = promisedOf(promises, span);
    promised.possible.add(contentOf(span));
    promised.isTold = isTold(span);
  }
}

function noteSaid(promises: Map<string, Promised>, sent: Sent): void {
  if ("logs" in sent) {
    for (const log of sent.logs) promisedOf(promises, log).told = "surely";
    return;
  }
  for (const span of sent.spans) {
    const promised = promisedOf(promises, span);
    promised.acknowledged = contentOf(span);
    promised.possible.clear();
  }
}

/** Whether a span may be as it was found. */
function isAsSent({ acknowledged, possible, told, isTold }: Promised, name: string, input: string | null): boolean {
  const whole = [...possible, ...(acknowledged === null ? [] : [acknowledged])];
  if (!isTold) return whole.includes(`${name}\n${input}`);
  if (input === null) return told !== "surely" && whole.some((content) => content.startsWith(`${name}\n`));
  return told !== "not" && whole.includes(`${name}\n${input}`);
}

async function compareLake(dataFolder: string, promises: ReadonlyMap<string, Promised>) {
  const fixture = await openLakeFixture({ folder: `${dataFolder}/lake`, stateFolder: dataFolder });
  try {
    const kernel = await fixture.lake.openKernel(scopeOf([crashedUnit]));
    const where = "trace_id like 'c0ffee%'";
    const rows = await kernel.rows(
      `select trace_id, span_id, name, input_text from spans where ${where}`,
      {},
      10_000_000
    );
    const [counted] = await kernel.rows(`select sum(spans)::integer as spans from traces where ${where}`, {}, 1);
    await kernel.close();
    const left = new Map(promises);
    const wrong: string[] = [];
    let unsaid = 0;
    for (const row of rows) {
      const key = `${String(row.trace_id)} ${String(row.span_id)}`;
      const [name, input] = [String(row.name), row.input_text === null ? null : String(row.input_text)];
      const promised = left.get(key);
      left.delete(key);
      if (!promised) wrong.push(`${promises.has(key) ? "doubled" : "never sent"}: ${key}`);
      else if (!isAsSent(promised, name, input))
        wrong.push(`not as sent: ${key} ${name} ${promised.told} told ${input?.slice(0, 60)}`);
      else if (!promised.acknowledged?.startsWith(`${name}\n`)) unsaid += 1;
    }
    for (const [key, { acknowledged }] of left) if (acknowledged !== null) wrong.push(`lost: ${key}`);
    if (Number(counted?.spans ?? 0) !== rows.length)
      wrong.push(`traces count ${counted?.spans} spans, not ${rows.length}`);
    for (const { path, message } of await fixture.lake.verify()) wrong.push(`${path}: ${message}`);
    if (wrong.length > 0) throw new Error(`${wrong.length} faults after a crash: ${wrong.slice(0, 5).join(" | ")}`);
    return { spans: rows.length, unsaid };
  } finally {
    await fixture.close();
  }
}
