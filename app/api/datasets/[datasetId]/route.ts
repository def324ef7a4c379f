import { parseDatasetPart } from "#lib/wire/selections.ts";
import { openDataset } from "#lib/work/dataset-page.ts";
import { renewDataset } from "#lib/work/make-dataset.ts";
import { answer } from "../../../answer.ts";
import { workbench } from "../../../workbench.ts";

interface Context {
  readonly params: Promise<{ readonly datasetId: string }>;
}

export function GET(request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const part = parseDatasetPart(new URL(request.url).searchParams);
    const { datasets, scope } = workbench();
    return openDataset(datasets, await scope(), (await params).datasetId, part);
  });
}

export function POST(_request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const bench = workbench();
    return renewDataset(bench, await bench.scope(), (await params).datasetId);
  });
}

export function DELETE(_request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const { datasets, scope } = workbench();
    await datasets.remove(await scope(), (await params).datasetId);
  });
}
