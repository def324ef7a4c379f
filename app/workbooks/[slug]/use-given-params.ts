"use client";
import { useEffect, useState } from "react";
import type { ParamValue } from "#lib/model/cell.ts";

/** Parameters as the address carries them, and how one is changed there. */
export function useGivenParams() {
  const [params, setParams] = useState<Readonly<Record<string, ParamValue>>>({});
  useEffect(() => setParams(readParams(location.search)), []);
  const setParam = (name: string, value: ParamValue) => {
    const next = { ...params, [name]: value };
    setParams(next);
    const query = new URLSearchParams(Object.entries(next).map(([key, item]) => [`p.${key}`, String(item)]));
    history.replaceState(null, "", `?${query}${location.hash}`);
  };
  return [params, setParam] as const;
}

/** Parameters that an address carries: `?p.since=-7d`. */
function readParams(search: string): Readonly<Record<string, ParamValue>> {
  const given = [...new URLSearchParams(search)].filter(([name]) => name.startsWith("p."));
  return Object.fromEntries(given.map(([name, value]) => [name.slice(2), readParam(value)]));
}

function readParam(value: string): ParamValue {
  if (value === "true" || value === "false") return value === "true";
  return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
}
