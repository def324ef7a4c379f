import { type GoldReply, parseGoldRequest } from "#lib/wire/gold.ts";
import { answer } from "../../../../answer.ts";

export const GET = answer<{ readonly queueId: string }>(
  "administer",
  async ({ bench: { goldItems }, scope, params }): Promise<GoldReply> => {
    return { items: await goldItems.list(scope, params.queueId) };
  }
);

export const PUT = answer<{ readonly queueId: string }>(
  "administer",
  async ({ bench: { goldItems }, scope, params, request }) => {
    const { item, label } = parseGoldRequest(await request.json());
    await goldItems.put(scope, params.queueId, item, label);
  }
);
