import { type DatasetsReply, parseDatasetRequest } from "#lib/wire/selections.ts";
import { makeDataset } from "#lib/work/make-dataset.ts";
import { answer } from "../../answer.ts";

export const GET = answer("read", async ({ bench: { datasets }, scope }): Promise<DatasetsReply> => {
  return { datasets: await datasets.list(scope) };
});

export const POST = answer("run", async ({ bench, scope, request }) => {
  const asked = parseDatasetRequest(await request.json());
  return makeDataset(bench, scope, asked);
});
