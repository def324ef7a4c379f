import { readClusterGround } from "#lib/work/cluster-ground.ts";
import { onWorkbook } from "../../../../on-workbook.ts";

export const GET = onWorkbook<{ readonly slug: string; readonly map: string }>(
  "run",
  "view",
  async ({ bench: { desk }, scope, params }) => {
    const { slug, map } = params;
    const bytes = await readClusterGround(desk, scope, slug, map);
    return new Response(bytes, { headers: { "content-type": "application/octet-stream" } });
  }
);
