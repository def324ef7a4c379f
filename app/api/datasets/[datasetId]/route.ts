import { parseDatasetPart } from "#lib/wire/selections.ts";
import { openDataset } from "#lib/work/dataset-page.ts";
import { renewDataset } from "#lib/work/make-dataset.ts";
import { answer } from "../../../answer.ts";

export const GET = answer<{ readonly datasetId: string }>(
  "read",
  async ({ bench: { datasets, reads }, scope, params, request }) => {
    const part = parseDatasetPart(new URL(request.url).searchParams);
    const opened = await openDataset(datasets, scope, params.datasetId, part);
    const object = { kind: "dataset", id: params.datasetId, version: opened.version };
    await reads.note(scope, { action: "dataset.view", object, units: opened.dataset.businessUnits });
    return opened;
  }
);

export const POST = answer<{ readonly datasetId: string }>("run", async ({ bench, scope, params }) => {
  return renewDataset(bench, scope, params.datasetId);
});

export const DELETE = answer<{ readonly datasetId: string }>("run", async ({ bench: { datasets }, scope, params }) => {
  await datasets.remove(scope, params.datasetId);
});
