import { Fault } from "#lib/model/fault.ts";
import { answer } from "../../../../../answer.ts";
import { workbench } from "../../../../../workbench.ts";

interface Context {
  readonly params: Promise<{ readonly slug: string; readonly revision: string }>;
}

export function GET(_request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const { slug, revision } = await params;
    const { workbooks, scope } = workbench();
    const found = await workbooks.findRevision(await scope(), slug, Number(revision));
    if (!found) throw new Fault("missing", `"${slug}" has no revision ${revision}`);
    return { slug, title: slug, ...found };
  });
}
