import { readHome } from "#lib/work/home.ts";
import { answer } from "../../answer.ts";

/** Health of every unit, workbooks and what they last found. */
export const GET = answer("read", async ({ bench, scope }) => {
  return readHome({ ...bench, walls: bench.sandbox.walls }, scope);
});
