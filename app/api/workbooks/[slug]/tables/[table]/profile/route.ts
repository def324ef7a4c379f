import { answer } from "../../../../../../answer.ts";

export const GET = answer<{ readonly slug: string; readonly table: string }>(
  "run",
  async ({ bench: { desk }, scope, params }) => {
    const { slug, table } = params;
    return desk.profile(scope, slug, table);
  }
);
