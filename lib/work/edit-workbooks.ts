import { Fault, isFault } from "../model/fault.ts";
import type { Scope } from "../model/scope.ts";
import { allows, type WorkbookAccess } from "../model/share.ts";
import type { People } from "../ports/people.ts";
import type { SaveOutcome, StoredWorkbook, Workbooks } from "../ports/workbooks.ts";
import { parseWorkbook } from "../workbook/parse-workbook.ts";
import { hashText } from "./read-trail.ts";

const slugTries = 50;

/** A title as it stands in an address: `Refund quality, weekly` → `refund-quality-weekly`. */
export function formatSlug(title: string): string {
  const slug = title
    .normalize("NFKD")
    .replaceAll(/\p{M}+/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/^-/, "")
    .slice(0, 60)
    .replace(/-$/, "");
  return slug === "" ? "workbook" : slug;
}

/** What a new workbook begins with. */
function startingText(title: string): string {
  return `---\ntitle: ${JSON.stringify(title)}\n---\nWhat do you want to know about your agents?\n\n\`\`\`sql recent\nselect started_at, agent, input, output, status, cost_usd, trace_id\nfrom traces\norder by started_at desc\nlimit 200\n\`\`\`\n`;
}

/**
 * Makes a workbook; the title decides its slug, with a number where that is taken. Of who does not see every workbook
 * each slug ends in letters of their own: a number would tell that somebody else has one of that title.
 */
export async function createWorkbook(
  workbooks: Workbooks,
  scope: Scope,
  title: string,
  text: string | undefined
): Promise<StoredWorkbook> {
  const name = title.trim();
  if (name === "") throw new Fault("invalid", "a workbook needs a title");
  const slug = formatSlug(name);
  const seesAll = scope.roles.includes("admin");
  for (let count = 1; count <= slugTries; count += 1) {
    try {
      const end = seesAll ? (count === 1 ? "" : `-${count}`) : `-${await ownLetters(scope, `${slug} ${count}`)}`;
      return await workbooks.create(scope, `${slug}${end}`, name, text ?? startingText(name));
    } catch (error) {
      if (!isFault(error) || error.code !== "conflict") throw error;
    }
  }
  throw new Fault("conflict", `there are ${slugTries} workbooks named like "${name}" already`, {
    hint: "Choose another title."
  });
}

/** The same for the same person and text; nothing that others have made goes into it. */
async function ownLetters({ userId }: Scope, text: string): Promise<string> {
  return (await hashText(`${userId} ${text}`)).slice(0, 6);
}

/**
 * Saves a text, whatever it says: a text that cannot be read is kept all the same, under the title that
 * stood before, so that nothing a person typed is lost.
 */
export async function saveWorkbook(
  workbooks: Workbooks,
  scope: Scope,
  slug: string,
  text: string,
  baseRevision: number
): Promise<SaveOutcome> {
  const current = await workbooks.find(scope, slug);
  return workbooks.save(scope, slug, readTitle(text) ?? current?.title ?? slug, text, baseRevision);
}

function readTitle(text: string): string | null {
  try {
    return parseWorkbook(text).title || null;
  } catch (error) {
    if (isFault(error)) return null;
    throw error;
  }
}

/**
 * Holds a text that is to be run against the one that is kept: what runs of a workbook are recorded as is what its
 * editors wrote.
 *
 * @throws Fault `denied` where somebody who may not change the workbook wants to run another text
 */
export function requireOwnText(access: WorkbookAccess, slug: string, text: string, kept: string | undefined): void {
  if (allows(access, "edit") || text === kept) return;
  throw new Fault("denied", `you may run the workbook "${slug}" as it is kept, and not with changes`, {
    hint: "Make a copy to run your own text."
  });
}

/** Workbooks with the names of the people behind them. */
export async function nameWorkbooks<T extends { readonly userId: string; readonly ownerId: string }>(
  people: Pick<People, "namesOf">,
  workbooks: readonly T[]
): Promise<readonly (T & { readonly savedBy: string; readonly owner: string })[]> {
  const names = await people.namesOf([...new Set(workbooks.flatMap(({ userId, ownerId }) => [userId, ownerId]))]);
  return workbooks.map((workbook) => ({
    ...workbook,
    savedBy: names.get(workbook.userId) ?? workbook.userId,
    owner: names.get(workbook.ownerId) ?? workbook.ownerId
  }));
}

/** A workbook with the names of the people behind it. */
export async function nameWorkbook<T extends { readonly userId: string; readonly ownerId: string }>(
  people: Pick<People, "namesOf">,
  workbook: T
): Promise<T & { readonly savedBy: string; readonly owner: string }> {
  return (await nameWorkbooks(people, [workbook]))[0]!;
}
