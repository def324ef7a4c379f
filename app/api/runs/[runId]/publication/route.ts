import { parsePublishRequest } from "#lib/wire/sharing.ts";
import { publishReport, readPublication } from "#lib/work/share-workbook.ts";
import { answer } from "../../../../answer.ts";

type Params = { readonly runId: string };

export const GET = answer<Params>("administer", async ({ bench, scope, params: { runId } }) =>
  readPublication(bench, scope, runId)
);

export const PUT = answer<Params>("administer", async ({ bench, scope, params: { runId }, request }) =>
  publishReport(bench, scope, runId, parsePublishRequest(await request.json()).to)
);

export const DELETE = answer<Params>("administer", async ({ bench, scope, params: { runId } }) => {
  await bench.publications.retract(scope, runId);
  return readPublication(bench, scope, runId);
});
