import { answer } from "../../../../answer.ts";
import { workbench } from "../../../../workbench.ts";

interface Context {
  readonly params: Promise<{ readonly mapId: string }>;
}

export function GET(_request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const { mapReader, scope } = workbench();
    return mapReader.progress(await scope(), (await params).mapId);
  });
}
