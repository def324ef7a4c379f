import { glob, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import type { Membership } from "#lib/model/rights.ts";
import type { Span } from "#lib/model/span.ts";
import { parseConfig } from "#lib/server/config.ts";
import { openWorkbench as openDoors } from "#lib/server/workbench.ts";
import type { Handler } from "../../app/answer.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Methods that a route can answer. */
const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
export type Method = (typeof methods)[number];

/** One handler of the app, as a walk over its files finds it. */
export interface Route {
  /** Folder below `app/`: `api/traces/[traceId]`. */
  readonly path: string;
  readonly method: Method;
  readonly handler: Handler;
}

/** What is asked of a route. */
export interface Ask {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /** JSON; a text is sent as it is. */
  readonly body?: unknown;
}

/** Everything of an answer that a person could learn from. */
export interface Answer {
  readonly status: number;
  readonly headers: string;
  /** What a browser would keep of it and send from then on. */
  readonly cookie: string;
  readonly bytes: Buffer;
  readonly text: string;
}

/** The route of a name such as `GET api/traces`. */
export function findRoute(routes: readonly Route[], name: string): Route {
  const found = routes.find(({ method, path }) => `${method} ${path}` === name);
  if (!found) throw new Error(`there is no route ${name}`);
  return found;
}

/** Every route of the app, in order. */
export async function listRoutes(): Promise<readonly Route[]> {
  const files: string[] = [];
  for await (const file of glob("**/route.ts", { cwd: `${root}/app` })) files.push(file);
  const routes = await Promise.all(
    files.sort().map(async (file) => {
      const module = (await import(`${root}/app/${file}`)) as Readonly<Partial<Record<Method, Handler>>>;
      const path = file.slice(0, -"/route.ts".length);
      return methods.flatMap((method) => {
        const handler = module[method];
        return handler ? [{ path, method, handler }] : [];
      });
    })
  );
  return routes.flat();
}

/** Somebody who has signed in: what their browser sends. */
export interface Visitor {
  readonly cookie: string;
}

/** A workbench in a folder of its own, asked through its routes as different people. */
export async function openWorld(spans: readonly Span[], environment: Readonly<Record<string, string>> = {}) {
  const dataFolder = await mkdtemp(`${tmpdir()}/tracebook-leak-`);
  const doors = await openDoors(parseConfig({ TRACEBOOK_DATA: dataFolder, ...environment }, root), root);
  await doors.lake.append({ userId: "test", roles: ["admin"], businessUnits: [] }, { spans, scores: [] });
  await doors.lake.flush();
  const place = globalThis as { [key: symbol]: unknown };
  const key = Symbol.for("tracebook.workbench");
  let owner: Visitor | null = null;
  const world = {
    dataFolder,
    /** Asks as a person and reads the whole answer, or the beginning of one that does not end. */
    async ask({ handler, method, path }: Route, who: Visitor | null, asked: Ask): Promise<Answer> {
      place[key] = doors;
      const address = new URL(
        `http://localhost/${path.replaceAll(/\[(\w+)\]/g, (_, name: string) => encodeURIComponent(asked.params?.[name] ?? "none"))}`
      );
      for (const [name, value] of Object.entries(asked.query ?? {})) address.searchParams.set(name, value);
      const leaving = new AbortController();
      const body =
        asked.body === undefined
          ? {}
          : { body: typeof asked.body === "string" ? asked.body : JSON.stringify(asked.body) };
      const request = new Request(address, {
        method,
        signal: leaving.signal,
        headers: { "content-type": "application/json", ...(who === null ? {} : { cookie: who.cookie }) },
        ...body
      });
      const response = await handler(request, { params: Promise.resolve(asked.params ?? {}) });
      const bytes = await readAll(response, leaving);
      return {
        status: response.status,
        headers: JSON.stringify([...response.headers].filter(([name]) => name !== "set-cookie").sort()),
        cookie: response.headers
          .getSetCookie()
          .map((each) => each.split(";", 1)[0])
          .join("; "),
        bytes,
        text: bytes.toString("utf8")
      };
    },
    /** Makes an account as people get one, by an invitation, and signs it in. */
    async enter(routes: readonly Route[], name: string, memberships: readonly Membership[]): Promise<Visitor> {
      const email = `${name}@example.com`;
      const password = `the password of ${name}`;
      owner ??= await world.ask(findRoute(routes, "POST api/set-up"), null, {
        body: { email: "owner@example.com", name: "Owner", password: "the password of the owner" }
      });
      const invited = await world.ask(findRoute(routes, "POST api/invitations"), owner, {
        body: { email, memberships }
      });
      const token = (JSON.parse(invited.text) as { readonly link: string }).link.split("/").at(-1)!;
      return world.ask(findRoute(routes, "POST api/invitations/accept"), null, { body: { token, name, password } });
    },
    /** Takes every role from somebody, as an administrator would while their pages are open. */
    async strip(routes: readonly Route[], email: string): Promise<void> {
      const { people } = JSON.parse((await world.ask(findRoute(routes, "GET api/people"), owner, {})).text) as {
        readonly people: readonly { readonly userId: string; readonly email: string }[];
      };
      const { userId } = people.find((person) => person.email === email)!;
      await world.ask(findRoute(routes, "PUT api/people/[userId]"), owner, {
        params: { userId },
        body: { memberships: [] }
      });
    },
    /** Adds traces as they arrive. */
    append: (more: readonly Span[]) =>
      doors.lake.append({ userId: "test", roles: ["admin"], businessUnits: [] }, { spans: more, scores: [] }),
    async close() {
      delete place[key];
      await doors.close();
      await rm(dataFolder, { recursive: true, force: true });
    }
  };
  return world;
}

export type World = Awaited<ReturnType<typeof openWorld>>;

async function readAll(response: Response, leaving: AbortController): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  if (!response.body) return Buffer.alloc(0);
  const isLive = response.headers.get("content-type") === "text/event-stream";
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    // A file may come as texts.
    chunks.push(typeof value === "string" ? Buffer.from(value) : value);
    // A live stream goes on for ever: its greeting and what follows at once are enough.
    if (isLive && chunks.length >= 2) {
      leaving.abort();
      await reader.cancel();
      break;
    }
  }
  return Buffer.concat(chunks);
}
