import { type DatasetsReply, parseDatasetRequest } from "#lib/wire/selections.ts";
import { makeDataset } from "#lib/work/make-dataset.ts";
import { answer } from "../../answer.ts";
import { workbench } from "../../workbench.ts";

export function GET(): Promise<Response> {
  return answer(async (): Promise<DatasetsReply> => {
    const { datasets, scope } = workbench();
    return { datasets: await datasets.list(await scope()) };
  });
}

export function POST(request: Request): Promise<Response> {
  return answer(async () => {
    const asked = parseDatasetRequest(await request.json());
    const bench = workbench();
    return makeDataset(bench, await bench.scope(), asked);
  });
}
