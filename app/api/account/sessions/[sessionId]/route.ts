import { answer } from "../../../../answer.ts";

export const DELETE = answer<{ readonly sessionId: string }>("signed-in", async ({ bench, scope, params }) => {
  await (await bench.openEntrance()).endSession(scope, params.sessionId);
});
