import { readClusterGround } from "#lib/work/cluster-ground.ts";
import { answer } from "../../../../../../answer.ts";

export const GET = answer<{ readonly slug: string; readonly map: string }>(
  "run",
  async ({ bench: { desk }, scope, params }) => {
    const { slug, map } = params;
    const bytes = await readClusterGround(desk, scope, slug, map);
    return new Response(bytes, { headers: { "content-type": "application/octet-stream" } });
  }
);
