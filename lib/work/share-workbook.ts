import { Fault } from "#lib/model/fault.ts";
import { parseEmail } from "#lib/model/person.ts";
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
  readonly people: Pick<People, "find" | "findByEmail" | "namesOf">;
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

/** Shares a workbook with a unit, or with a person by e-mail address. @throws Fault as `Shares.put`, `findGrantee` */
export async function shareWorkbook(
  doors: SharingDoors,
  scope: Scope,
  slug: string,
  { to, access }: ShareRequest
): Promise<SharesReply> {
  const workbook = await doors.workbooks.find(scope, slug);
  if (!workbook) throw noWorkbook(slug);
  const grantee = await findGrantee(doors.people, to);
  if (grantee === `person:${workbook.ownerId}`) throw new Fault("conflict", "the workbook is theirs already");
  await doors.shares.put(scope, slug, grantee, access);
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
  const grantees: Grantee[] = [];
  for (const one of to) grantees.push(await findGrantee(doors.people, one));
  await doors.publications.publish(scope, runId, grantees);
  return readPublication(doors, scope, runId);
}

/**
 * Somebody to share with: a unit as it is, a person by id or by e-mail address.
 *
 * @throws Fault `invalid` for what is neither, `missing` where nobody has the address or the id
 */
async function findGrantee(people: SharingDoors["people"], to: string): Promise<Grantee> {
  const isGrantee = /^(person|unit):/.test(to);
  if (to.startsWith("unit:")) return parseGrantee(to);
  const person = isGrantee ? await people.find(to.slice("person:".length)) : await people.findByEmail(parseEmail(to));
  if (person) return `person:${person.userId}`;
  throw new Fault("missing", `nobody with the address "${to.trim().slice(0, 80)}" has an account here`, {
    hint: "Write the address exactly, or have them invited first."
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
      if (grantee.startsWith("unit:")) return { grantee, name: id };
      const person = await people.find(id);
      if (person) return { grantee, name: `${person.name} <${person.email}>` };
      return { grantee, name: `${(await people.namesOf([id])).get(id) ?? id} (has left)` };
    })
  );
}
