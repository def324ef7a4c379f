import { answer } from "../../../../answer.ts";

export const GET = answer<{ readonly slug: string }>("run", async ({ bench: { desk }, scope, params }) => {
  return desk.state(scope, params.slug);
});
