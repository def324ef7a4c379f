import { answer } from "../../../../answer.ts";

export const DELETE = answer<{ readonly userId: string }>("administer", async ({ bench, scope, params }) => {
  await (await bench.openEntrance()).endSessions(scope, params.userId);
});
