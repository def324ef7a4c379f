import { Fault } from "#lib/model/fault.ts";
import { answer } from "../../../../../answer.ts";

export const GET = answer<{ readonly slug: string; readonly revision: string }>(
  "read",
  async ({ bench: { workbooks }, scope, params }) => {
    const { slug, revision } = params;
    const found = await workbooks.findRevision(scope, slug, Number(revision));
    if (!found) throw new Fault("missing", `"${slug}" has no revision ${revision}`);
    return { slug, title: slug, ...found };
  }
);
