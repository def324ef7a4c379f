import { readScorers } from "#lib/work/scorer-pages.ts";
import { answer } from "../../answer.ts";

export const GET = answer("read", async ({ bench: { scorerPages }, scope }) => {
  return readScorers(scorerPages, scope);
});
