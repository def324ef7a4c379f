import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { Fault } from "#lib/model/fault.ts";
import type { Projections } from "#lib/ports/projections.ts";
import { toDiskFault } from "../disk-full.ts";

/**
 * Keeps projections as files `<map>/<version>.bin`.
 *
 * @param folder  absolute path, outside the folders that any person's question may read: the vectors of a map are
 *                made from the texts of all its units
 */
export function openProjections(folder: string): Projections {
  const pathOf = (mapId: string, version: number) => `${folderOf(mapId)}/${version}.bin`;
  const folderOf = (mapId: string) => {
    if (/^[0-9a-f-]{1,64}$/.test(mapId)) return `${folder}/${mapId}`;
    throw new Fault("invalid", "this is no id of a map");
  };
  return {
    async write(mapId, version, bytes) {
      const path = pathOf(mapId, version);
      const partial = `${path}.partial`;
      try {
        await mkdir(folderOf(mapId), { recursive: true });
        await using file = await open(partial, "w");
        await file.writeFile(bytes);
        await file.sync();
        await rename(partial, path);
      } catch (error) {
        await rm(partial, { force: true });
        throw toDiskFault(error);
      }
      await using parent = await open(folderOf(mapId), "r");
      await parent.sync();
    },

    async read(mapId, version) {
      try {
        return await readFile(pathOf(mapId, version));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
        throw new Fault("missing", "what this map was built with is gone, so no trace can be placed on it", {
          hint: "Build the map again."
        });
      }
    },

    async remove(mapId) {
      await rm(folderOf(mapId), { recursive: true, force: true });
    }
  };
}
