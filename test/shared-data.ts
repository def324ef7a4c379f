import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../shared/data", import.meta.url));

/**
 * The folder of one set of real traces beside the project.
 *
 * @returns undefined where it is absent, after one printed line that says what is skipped
 */
export function sharedData(set: string): string | undefined {
  const folder = `${root}/${set}`;
  if (existsSync(folder)) return folder;
  console.log(`skipped: the real traces "${set}" are not beside this checkout`);
  return undefined;
}
