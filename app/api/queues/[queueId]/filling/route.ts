import { type FillingReply, parseFillingChange, parseFillingTerms } from "#lib/wire/filling.ts";
import { fillByRule } from "#lib/work/fill-by-rule.ts";
import { answer } from "../../../../answer.ts";

interface Params {
  readonly queueId: string;
}

export const GET = answer<Params>(
  "administer",
  async ({ bench: { queueFillings }, scope, params }): Promise<FillingReply> => {
    return { filling: await queueFillings.find(scope, params.queueId) };
  }
);

export const PUT = answer<Params>("administer", async ({ bench, scope, params, request }) => {
  const terms = parseFillingTerms(await request.json());
  return fillByRule(bench, scope, params.queueId, terms);
});

export const PATCH = answer<Params>("administer", async ({ bench: { queueFillings }, scope, params, request }) => {
  const { action } = parseFillingChange(await request.json());
  await queueFillings[action](scope, params.queueId);
});

export const DELETE = answer<Params>("administer", async ({ bench: { queueFillings }, scope, params }) => {
  await queueFillings.remove(scope, params.queueId);
});
