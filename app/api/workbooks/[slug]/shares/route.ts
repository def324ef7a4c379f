import { parseShareRequest, parseUnshareRequest } from "#lib/wire/sharing.ts";
import { readShares, shareWorkbook } from "#lib/work/share-workbook.ts";
import { onWorkbook } from "../../on-workbook.ts";

export const GET = onWorkbook("read", "own", async ({ bench, scope, params }) => readShares(bench, scope, params.slug));

export const PUT = onWorkbook("read", "own", async ({ bench, scope, params, request }) =>
  shareWorkbook(bench, scope, params.slug, parseShareRequest(await request.json()))
);

export const DELETE = onWorkbook("read", "own", async ({ bench, scope, params, request }) => {
  const { grantee } = parseUnshareRequest(await request.json());
  await bench.shares.remove(scope, params.slug, grantee);
  return readShares(bench, scope, params.slug);
});
