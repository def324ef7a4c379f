import { isFault } from "../model/fault.ts";
import type { Scope } from "../model/scope.ts";
import { everyone } from "../model/share.ts";
import type { Clock } from "../ports/clock.ts";
import type { Lake } from "../ports/lake.ts";
import type { Shares } from "../ports/shares.ts";
import type { Workbooks } from "../ports/workbooks.ts";
import { parseWorkbook } from "../workbook/parse-workbook.ts";
import { writeSample } from "./write-sample.ts";

/** A workbook that comes with the program. */
export interface Starter {
  readonly slug: string;
  readonly text: string;
}

/** What a first start needs. */
export interface FirstStartDoors {
  readonly lake: Lake;
  readonly workbooks: Workbooks;
  readonly shares: Pick<Shares, "put">;
  readonly clock: Clock;
  scope(): Promise<Scope>;
  keepAnswerKey(key: Readonly<Record<string, readonly string[]>>): Promise<void>;
}

/**
 * Fills an empty workbench so that the first minute has something to look at: the sample lake where
 * the lake is empty, and each starter workbook whose slug is not there, shared with everyone to view. What people have is left alone, and
 * what they removed stays away.
 *
 * @param say  told one sentence per thing that takes time
 */
export async function prepareFirstStart(
  doors: FirstStartDoors,
  options: { readonly starters: readonly Starter[]; readonly nowMs: number },
  say: (sentence: string) => void,
  signal: AbortSignal
): Promise<void> {
  if ((await doors.lake.snapshotId()) === 0) {
    say("The lake is empty: writing the sample lake (four business units, 30 days) …");
    const { key } = await writeSample(doors, await doors.scope(), { endMs: options.nowMs }, () => undefined, signal);
    await doors.keepAnswerKey(key);
  }
  const scope = await doors.scope();
  for (const { slug, text } of options.starters) {
    if (await doors.workbooks.find(scope, slug)) continue;
    try {
      await doors.workbooks.create(scope, slug, parseWorkbook(text).title, text);
      await doors.shares.put(scope, slug, everyone, "view");
    } catch (error) {
      // The slug of a removed workbook stays taken: who removed a starter does not get it again.
      if (isFault(error) && error.code === "conflict") continue;
      throw error;
    }
    say(`Added the starter workbook "${slug}".`);
  }
}
