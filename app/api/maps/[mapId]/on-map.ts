import "server-only";
import { type Asked, answer, type Handler } from "../../../answer.ts";

interface OfMap {
  readonly mapId: string;
}

/** A route that reads the traces of a kept map, as `answer` makes them; recorded before the answer leaves. */
export function onMap(work: (asked: Asked<OfMap>) => Promise<unknown>): Handler {
  return answer<OfMap>("read", async (asked) => {
    const { bench, scope, params } = asked;
    const value = await work(asked);
    await bench.reads.note(scope, {
      action: "map.view",
      object: { kind: "map", id: params.mapId },
      units: async () => {
        const { businessUnits } = await bench.keptMaps.find(scope, params.mapId);
        return businessUnits.filter((unit) => scope.businessUnits.includes(unit));
      }
    });
    return value;
  });
}
