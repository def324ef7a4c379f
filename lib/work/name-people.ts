import type { People } from "#lib/ports/people.ts";
import type { Names } from "#lib/wire/people.ts";

/** What people are called, of those who have an account or had one; who shares a name is told apart by a part of the id. */
export async function namePeople(people: Pick<People, "namesOf">, userIds: Iterable<string>): Promise<Names> {
  return tellApart(await people.namesOf([...new Set(userIds)]));
}

/** As they are called, where no two are called alike. */
export function tellApart(names: ReadonlyMap<string, string>): Names {
  const alike = Map.groupBy(names, ([, name]) => name.toLowerCase());
  return Object.fromEntries(
    [...names].map(([userId, name]) => {
      const isOnly = alike.get(name.toLowerCase())?.length === 1;
      return [userId, isOnly ? name : `${name} (${userId.slice(-4)})`];
    })
  );
}
