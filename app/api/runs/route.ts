import { answer } from "../../answer.ts";
import { workbench } from "../../workbench.ts";

export function GET(request: Request): Promise<Response> {
  return answer(async () => {
    const query = new URL(request.url).searchParams;
    const { runs, scope } = workbench();
    const [workbook, before] = [query.get("workbook"), query.get("before")];
    const limit = 100;
    const found = await runs.list(await scope(), {
      ...(workbook ? { workbook } : {}),
      ...(before ? { before } : {}),
      limit
    });
    return { runs: found, next: found.length === limit ? (found.at(-1)?.runId ?? null) : null };
  });
}
