import { answer } from "../../../../answer.ts";

export const GET = answer<{ readonly mapId: string }>("read", async ({ bench: { mapReader }, scope, params }) => {
  return mapReader.progress(scope, params.mapId);
});
