import { everyUnit } from "#lib/model/rights.ts";
import type { Run } from "#lib/model/run.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { People } from "#lib/ports/people.ts";
import type { Publications } from "#lib/ports/publications.ts";
import type { Runs } from "#lib/ports/runs.ts";
import type { Workbooks } from "#lib/ports/workbooks.ts";
import type { RunReply } from "#lib/wire/sharing.ts";
import { formatInstant } from "./report-numbers.ts";
import { findRun } from "./run-list.ts";

/** Whose rights a run had, and who let its report out. */
export interface RunStatement {
  /** As people call who ran it. */
  readonly ranAs: string;
  readonly published: { readonly by: string; readonly atMs: number } | null;
}

/** What a statement is made from. */
export interface StatementDoors {
  readonly publications: Pick<Publications, "find">;
  readonly people: Pick<People, "namesOf">;
}

/** What is said of a run whose people are known by their ids alone. */
export function plainStatement(run: Pick<Run, "userId">): RunStatement {
  return { ranAs: run.userId, published: null };
}

/** Whose rights a run had, with the names that people have now. */
export async function readStatement(
  { publications, people }: StatementDoors,
  scope: Scope,
  run: Pick<Run, "runId" | "userId">
): Promise<RunStatement> {
  const publication = await publications.find(scope, run.runId);
  const names = await people.namesOf([run.userId, ...(publication ? [publication.userId] : [])]);
  return {
    ranAs: names.get(run.userId) ?? run.userId,
    published: publication
      ? { by: names.get(publication.userId) ?? publication.userId, atMs: publication.publishedAtMs }
      : null
  };
}

/** `Ran with the rights of Ann in claims and sales: lead in claims, viewer in sales.` */
export function formatRights(run: Pick<Run, "businessUnits" | "roles">, statement: RunStatement): string {
  const units = run.businessUnits.length > 0 ? ` in ${run.businessUnits.join(", ")}` : "";
  const roles = (run.roles ?? []).map((held) => {
    const at = held.lastIndexOf(":");
    const unit = held.slice(0, at);
    return `${held.slice(at + 1)} in ${unit === everyUnit ? "every unit" : unit}`;
  });
  return `Ran with the rights of ${statement.ranAs}${units}${roles.length > 0 ? `: ${roles.join(", ")}` : ""}.`;
}

/** `Published by Bob, 2026-11-20 12:00:00 UTC.`; null where it is not. */
export function formatPublished({ published }: RunStatement): string | null {
  return published && `Published by ${published.by}, ${formatInstant(published.atMs)}.`;
}

/** What a reader's page is made from. */
export interface RunPageDoors extends StatementDoors {
  readonly runs: Runs;
  readonly workbooks: Pick<Workbooks, "accessTo">;
  scopeOfUser(userId: string, right: "administer"): Promise<Scope>;
}

/** A run for its page. @throws Fault `missing` */
export async function readRun(doors: RunPageDoors, scope: Scope, runId: string): Promise<RunReply> {
  const run = await findRun(doors.runs, scope, runId);
  const [statement, access, administered] = await Promise.all([
    readStatement(doors, scope, run),
    doors.workbooks.accessTo(scope, run.workbook),
    doors.scopeOfUser(scope.userId, "administer")
  ]);
  const holds = (units: readonly string[]) => run.businessUnits.every((unit) => units.includes(unit));
  return {
    ...run,
    ...statement,
    mayPublish: run.businessUnits.length > 0 && holds(administered.businessUnits),
    seesWorkbook: access !== undefined
  };
}
