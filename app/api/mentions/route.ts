import { scopeOf } from "#lib/model/rights.ts";
import type { Scope } from "#lib/model/scope.ts";
import { readMentions } from "#lib/work/comment-on.ts";
import { type Asked, answer } from "../../answer.ts";

/** Where the reader is mentioned; nothing for who reads neither traces nor workbooks. */
export const GET = answer("signed-in", async (asked) => readMentions(asked.bench, await readersScope(asked)));

/** The reader has seen them. */
export const POST = answer("signed-in", async (asked) => {
  const scope = await readersScope(asked);
  await asked.bench.comments.markSeen(scope);
  return readMentions(asked.bench, scope);
});

/** Every page asks for mentions: who may not read is told of none, and is not refused each time. */
async function readersScope({ bench, request }: Pick<Asked<unknown>, "bench" | "request">): Promise<Scope> {
  const [asker, units] = await Promise.all([bench.whoAsks(request.headers), bench.listUnits()]);
  return scopeOf(asker, "read", units);
}
