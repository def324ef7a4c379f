"use client";
import { isFault } from "#lib/model/fault.ts";
import { parsePopulation } from "#lib/wire/map-compare.ts";
import { paths } from "#lib/wire/paths.ts";
import { useAddress } from "../../_parts/use-address.ts";

interface Pair {
  /** Populations as `formatPopulation` writes them; null where none is chosen yet. */
  readonly a: string | null;
  readonly b: string | null;
}

/** The comparison that the address of a map names: `?compare=<a>&with=<b>`; a population that is none is not chosen. */
export function useCompareAddress(
  mapId: string
): Pair & { readonly isOn: boolean; readonly change: (pair: Pair | null) => void } {
  const [query, change] = useAddress(paths.mapPage(mapId));
  const asked = new URLSearchParams(query);
  return {
    isOn: asked.has("compare"),
    a: readPopulation(asked.get("compare")),
    b: readPopulation(asked.get("with")),
    change(pair) {
      const next = new URLSearchParams(query);
      next.delete("compare");
      next.delete("with");
      if (pair) next.set("compare", pair.a ?? "");
      if (pair?.b) next.set("with", pair.b);
      change(next.toString().replaceAll("%2F", "/"));
    }
  };
}

function readPopulation(text: string | null): string | null {
  if (text === null || text === "") return null;
  try {
    parsePopulation(text);
    return text;
  } catch (error) {
    if (!isFault(error)) throw error;
    return null;
  }
}
