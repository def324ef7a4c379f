import { Fault } from "#lib/model/fault.ts";
import type { Scope } from "#lib/model/scope.ts";
import { everyone, type Grantee, noWorkbook, parseGrantee, requireRunUnits } from "#lib/model/share.ts";
import type { People } from "#lib/ports/people.ts";
import type { Publications } from "#lib/ports/publications.ts";
import type { Runs } from "#lib/ports/runs.ts";
import type { Shares } from "#lib/ports/shares.ts";
import type { Workbooks } from "#lib/ports/workbooks.ts";
import type { NamedGrantee, PublicationReply, ShareRequest, SharesReply } from "#lib/wire/sharing.ts";
import { findRun } from "./run-list.ts";

/** What sharing a workbook needs. */
export interface SharingDoors {
  readonly workbooks: Pick<Workbooks, "find">;
  readonly shares: Shares;
  readonly people: Pick<People, "find" | "list" | "namesOf">;
}

/** What publishing a report needs. */
export interface PublishingDoors {
  readonly runs: Runs;
  readonly publications: Publications;
  readonly people: SharingDoors["people"];
}

/** With whom a workbook is shared, by name. @throws Fault as `Shares.list` */
export async function readShares(doors: SharingDoors, scope: Scope, slug: string): Promise<SharesReply> {
  const [workbook, shares] = await Promise.all([doors.workbooks.find(scope, slug), doors.shares.list(scope, slug)]);
  if (!workbook) throw noWorkbook(slug);
  const names = await doors.people.namesOf([workbook.ownerId, ...shares.map(({ userId }) => userId)]);
  const named = await nameGrantees(
    doors.people,
    shares.map(({ grantee }) => grantee)
  );
  return {
    owner: names.get(workbook.ownerId) ?? workbook.ownerId,
    shares: shares.map(({ access, userId, sharedAtMs }, at) => ({
      ...named[at]!,
      ...{ access, sharedAtMs, by: names.get(userId) ?? userId }
    })),
    choices: { units: scope.businessUnits, everyone: scope.roles.includes("admin") }
  };
}

/** Shares a workbook with a unit, or with a person by e-mail address. @throws Fault as `Shares.put`, `findGrantees` */
export async function shareWorkbook(
  doors: SharingDoors,
  scope: Scope,
  slug: string,
  { to, access }: ShareRequest
): Promise<SharesReply> {
  const workbook = await doors.workbooks.find(scope, slug);
  if (!workbook) throw noWorkbook(slug);
  const given = (await doors.shares.list(scope, slug)).map(({ grantee }) => grantee);
  const [grantee] = await findGrantees(doors.people, scope, [to], given);
  if (grantee === `person:${workbook.ownerId}`) throw new Fault("conflict", "the workbook is theirs already");
  await doors.shares.put(scope, slug, grantee!, access);
  return readShares(doors, scope, slug);
}

/**
 * To whom a report is published, by name; what a scope of the right `administer` may choose.
 *
 * @throws Fault `missing` for a run that the scope does not see, `denied` where it does not administer all its units
 */
export async function readPublication(
  { runs, publications, people }: PublishingDoors,
  scope: Scope,
  runId: string
): Promise<PublicationReply> {
  requireRunUnits(scope, (await findRun(runs, scope, runId)).businessUnits);
  const publication = await publications.find(scope, runId);
  const names = publication && (await people.namesOf([publication.userId]));
  return {
    published: publication
      ? {
          to: await nameGrantees(people, publication.grantees),
          by: names?.get(publication.userId) ?? publication.userId,
          publishedAtMs: publication.publishedAtMs
        }
      : null,
    choices: { units: scope.businessUnits, everyone: true }
  };
}

/** Publishes a report to units, everyone, or people by e-mail address. @throws Fault as `Publications.publish` */
export async function publishReport(
  doors: PublishingDoors,
  scope: Scope,
  runId: string,
  to: readonly string[]
): Promise<PublicationReply> {
  const given = (await doors.publications.find(scope, runId))?.grantees ?? [];
  const grantees = await findGrantees(doors.people, scope, to, given);
  await doors.publications.publish(scope, runId, grantees);
  return readPublication(doors, scope, runId);
}

/**
 * Whom to share with: units as they are, people by id or by e-mail address. Of whom the one who asks sees in their own
 * units the person is taken. Any other address stays one, whether somebody has an account with it or not, and holds
 * for whoever signs in with it: so sharing does not tell who has an account.
 *
 * @param given  who has it already, and stays whoever they are
 * @throws Fault `invalid` for what is neither, `missing` for an id that the one who asks does not see
 */
async function findGrantees(
  people: SharingDoors["people"],
  scope: Scope,
  to: readonly string[],
  given: readonly Grantee[]
): Promise<readonly Grantee[]> {
  const self = await people.find(scope.userId);
  const seen = [...(await people.list(scope)), ...(self ? [self] : [])];
  return to.map((text) => {
    const kept = given.find((grantee) => grantee === text);
    if (kept !== undefined) return kept;
    const grantee = parseGrantee(/^(person|unit):/.test(text) ? text : `email:${text.replace(/^email:/, "")}`);
    if (grantee.startsWith("unit:")) return grantee;
    const person = seen.find(({ userId, email }) => [`person:${userId}`, `email:${email}`].includes(grantee));
    if (person) return `person:${person.userId}` as const;
    if (grantee.startsWith("email:")) return grantee;
    throw new Fault("missing", `there is no ${grantee.slice(0, 80)} in your business units`, {
      hint: "Give their e-mail address."
    });
  });
}

async function nameGrantees(
  people: SharingDoors["people"],
  grantees: readonly Grantee[]
): Promise<readonly NamedGrantee[]> {
  return Promise.all(
    grantees.map(async (grantee) => {
      if (grantee === everyone) return { grantee, name: "Everyone" };
      const id = grantee.slice(grantee.indexOf(":") + 1);
      if (!grantee.startsWith("person:")) return { grantee, name: id };
      const person = await people.find(id);
      if (person) return { grantee, name: `${person.name} <${person.email}>` };
      return { grantee, name: `${(await people.namesOf([id])).get(id) ?? id} (has left)` };
    })
  );
}
