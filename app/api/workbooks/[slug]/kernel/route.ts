import { answer } from "../../../../answer.ts";
import { workbench } from "../../../../workbench.ts";

export function GET(
  _request: Request,
  { params }: { readonly params: Promise<{ readonly slug: string }> }
): Promise<Response> {
  return answer(async () => {
    const { desk, scope } = workbench();
    return desk.state(await scope(), (await params).slug);
  });
}
