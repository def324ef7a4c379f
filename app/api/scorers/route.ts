import { readScorers } from "#lib/work/scorer-pages.ts";
import { answer } from "../../answer.ts";
import { workbench } from "../../workbench.ts";

export function GET(): Promise<Response> {
  return answer(async () => {
    const { scorerPages, scope } = workbench();
    return readScorers(scorerPages, await scope());
  });
}
