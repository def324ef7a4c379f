import { answer } from "../../answer.ts";
import { workbench } from "../../workbench.ts";

export function GET(): Promise<Response> {
  return answer(
    async () =>
      new Response(await workbench().readContract(), { headers: { "content-type": "text/plain; charset=utf-8" } })
  );
}
