import type { RevisionsReply } from "#lib/wire/workbook.ts";
import { onWorkbook } from "../../on-workbook.ts";

export const GET = onWorkbook("read", "view", async ({ bench: { workbooks, people }, scope, params }) => {
  const found = await workbooks.listRevisions(scope, params.slug);
  const names = await people.namesOf([...new Set(found.map(({ userId }) => userId))]);
  const revisions = found.map(({ revision, userId, savedAtMs }) => ({
    ...{ revision, savedAtMs },
    savedBy: names.get(userId) ?? userId
  }));
  return { revisions } satisfies RevisionsReply;
});
