import "server-only";
import { Fault, type FaultCode, isFault, reportOf } from "#lib/model/fault.ts";
import { isSignInFirst } from "#lib/model/person.ts";
import { type Asker, type Right, scopeOf } from "#lib/model/rights.ts";
import { type BusinessUnit, coversUnits, type Scope } from "#lib/model/scope.ts";
import { readJson } from "#lib/work/read-json.ts";
import { type Workbench, workbench } from "./workbench.ts";

/**
 * What a route asks of the one who calls it: a right in at least one business unit; to be signed in, with whatever
 * rights; or nothing, as for pages that people sign in with.
 */
export type Need = Right | "signed-in" | "open";

/** What a route works with. */
export interface Asked<Params> {
  readonly bench: Workbench;
  /** The units in which the asker holds the right that the route names, and no others. */
  readonly scope: Scope;
  readonly request: Request;
  readonly params: Params;
  /** What another right gives the one who asks, where an answer shows more to those who hold it. */
  scopeOf(right: Right): Scope;
  /**
   * What the right gives the asker at this moment; null once it no longer covers the units of `scope`. Asked again by
   * what goes on for long.
   */
  scopeNow(): Promise<Scope | null>;
}

/** What a body of JSON may have, in bytes; less where anybody may send one. */
const mostBytes = { signedIn: 8 * 2 ** 20, open: 64 * 2 ** 10 } as const;

/** A handler of a route. What it needs is told, so that a walk over all routes can hold each to it. */
export interface Handler {
  (request: Request, context: { readonly params: Promise<unknown> }): Promise<Response>;
  readonly need: Need;
}

const statusOf: Readonly<Record<FaultCode, number>> = {
  invalid: 400,
  denied: 403,
  missing: 404,
  conflict: 409,
  limit: 413,
  broken: 502
};

/**
 * A route: finds out who asks, narrows the scope to the units in which they hold the right, and runs the work. A plain
 * value becomes JSON, a Response stays, a Fault becomes its status and `{fault}`.
 */
export function answer<Params = unknown>(need: Need, work: (asked: Asked<Params>) => Promise<unknown>): Handler {
  const handle = async (request: Request, context: { readonly params: Promise<unknown> }): Promise<Response> => {
    let asking: Asking | null = null;
    let scope: Scope | undefined;
    try {
      const bench = workbench();
      const { headers } = request;
      if (need !== "open") asking = await readAsking(bench, headers);
      const given = asking && need !== "open" ? narrow(asking, need) : nobody;
      scope = given;
      const value = await work({
        ...{ bench, scope, request: withJson(request, need), params: (await context.params) as Params },
        scopeOf: (right) => (asking ? scopeOf(asking.asker, right, asking.units) : nobody),
        scopeNow: async () => (need === "open" ? nobody : stillCovering(bench, headers, need, given))
      });
      return value instanceof Response ? value : Response.json(value ?? null);
    } catch (error) {
      if (isFault(error) && asking && !isSignInFirst(error)) await recordRefusal(request, error, asking, scope);
      return answerFault(error);
    }
  };
  return Object.assign(handle, { need });
}

/** The request; a body that is no JSON, or too much of it, is the sender's fault and not a defect. */
function withJson(request: Request, need: Need): Request {
  request.json = () => readJson(request, need === "open" ? mostBytes.open : mostBytes.signedIn);
  return request;
}

/** Who asks, and every business unit that there is. */
interface Asking {
  readonly asker: Asker;
  readonly units: readonly BusinessUnit[];
}

/** Whom routes let in that ask for nobody. */
const nobody: Scope = { userId: "", roles: [], businessUnits: [] };

/** @throws Fault `denied` where nobody is signed in */
export async function readAsking(bench: Pick<Workbench, "whoAsks" | "listUnits">, headers: Headers): Promise<Asking> {
  const [asker, units] = await Promise.all([bench.whoAsks(headers), bench.listUnits()]);
  return { asker, units };
}

/** Whose rights a page has, narrowed to the units that hold. @throws Fault `denied` where there is none */
export async function scopeFor(bench: Workbench, headers: Headers, need: Exclude<Need, "open">): Promise<Scope> {
  return narrow(await readAsking(bench, headers), need);
}

function narrow({ asker, units }: Asking, need: Exclude<Need, "open">): Scope {
  const right = need === "signed-in" ? null : need;
  const scope = scopeOf(asker, right, units);
  if (right === null || scope.businessUnits.length > 0 || scope.roles.length > 0) return scope;
  throw new Fault("denied", `nothing is yours to ${right} here`, {
    hint: "Ask who looks after your business unit for a role that may."
  });
}

async function stillCovering(
  bench: Workbench,
  headers: Headers,
  need: Exclude<Need, "open">,
  given: Scope
): Promise<Scope | null> {
  try {
    const now = await scopeFor(bench, headers, need);
    return coversUnits(now, given) ? now : null;
  } catch (error) {
    if (isFault(error)) return null;
    throw error;
  }
}

/** What is refused stays refused where that cannot be recorded. @param scope  absent where no right was there at all */
async function recordRefusal(
  request: Request,
  fault: Fault,
  { asker, units }: Asking,
  scope: Scope | undefined
): Promise<void> {
  const route = `${request.method} ${new URL(request.url).pathname}`;
  try {
    await workbench().reads.refuse(scope ?? scopeOf(asker, null, units), route, fault);
  } catch (error) {
    console.error(`that ${route} was refused could not be recorded:`, error);
  }
}

function answerFault(error: unknown): Response {
  if (isFault(error)) {
    const { retryAfterSeconds: seconds } = error;
    const status = isSignInFirst(error) ? 401 : seconds === undefined ? statusOf[error.code] : 429;
    const headers = seconds === undefined ? {} : { "retry-after": String(seconds) };
    return Response.json({ fault: reportOf(error) }, { status, headers });
  }
  console.error(error);
  return Response.json(
    { fault: { ...reportOf(error), hint: "This is a defect of the workbench; the log has it in full." } },
    { status: 500 }
  );
}
