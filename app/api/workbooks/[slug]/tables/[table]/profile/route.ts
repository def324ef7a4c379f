import { answer } from "../../../../../../answer.ts";
import { workbench } from "../../../../../../workbench.ts";

interface Context {
  readonly params: Promise<{ readonly slug: string; readonly table: string }>;
}

export function GET(_request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const { slug, table } = await params;
    const { desk, scope } = workbench();
    return desk.profile(await scope(), slug, table);
  });
}
