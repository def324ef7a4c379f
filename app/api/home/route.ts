import { readHome } from "#lib/work/home.ts";
import { answer } from "../../answer.ts";
import { workbench } from "../../workbench.ts";

/** Health of every unit, workbooks and what they last found. */
export function GET(): Promise<Response> {
  return answer(async () => {
    const bench = workbench();
    return readHome({ ...bench, walls: bench.sandbox.walls }, await bench.scope());
  });
}
