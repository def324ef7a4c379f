import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { sharedData } from "../shared-data.ts";

/** Real short texts with the intent of each: 150 intents, 100 texts each; undefined where they are absent. */
export function clincTexts(): readonly (readonly [string, string])[] | undefined {
  const folder = sharedData("clinc150");
  if (!folder) return undefined;
  const data = JSON.parse(gunzipSync(readFileSync(`${folder}/data_full.json.gz`)).toString()) as {
    train: [string, string][];
  };
  return data.train;
}
