import { answer } from "../../../../answer.ts";

export const GET = answer<{ readonly mapId: string }>("read", async ({ bench: { mapColumns }, scope, params }) => {
  return { columns: await mapColumns.list(scope, params.mapId) };
});
