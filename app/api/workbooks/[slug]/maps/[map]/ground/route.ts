import { readClusterGround } from "#lib/work/cluster-ground.ts";
import { answer } from "../../../../../../answer.ts";
import { workbench } from "../../../../../../workbench.ts";

interface Context {
  readonly params: Promise<{ readonly slug: string; readonly map: string }>;
}

export function GET(_request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const { slug, map } = await params;
    const { desk, scope } = workbench();
    const bytes = await readClusterGround(desk, await scope(), slug, map);
    return new Response(bytes, { headers: { "content-type": "application/octet-stream" } });
  });
}
