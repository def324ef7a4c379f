"use client";
import { useEffect, useMemo, useState } from "react";
import { colourPoints, intersectMasks, orderPoints, scatterColours } from "#lib/browser/scatter-colour.ts";
import { hideValues, type ScatterColumn } from "#lib/browser/scatter-columns.ts";
import type { ColumnChoice } from "#lib/browser/scatter-rows.ts";
import { buildScale, codeNumbers, type NumberScale, scaleColours, sizePoints } from "#lib/browser/scatter-scale.ts";
import { maskTimes, type TimeRange } from "#lib/browser/scatter-time.ts";
import { isDark, watchTheme } from "#lib/browser/theme.ts";
import { reportOf } from "#lib/model/fault.ts";

/** What the points are coloured by, as the legend says it. */
export interface Shading {
  readonly codes: Int32Array;
  readonly colours: readonly string[];
  /** The column, and its scale where it holds numbers; null for clusters. */
  readonly column: ScatterColumn | null;
  readonly scale: NumberScale | null;
}

/** Categories of a column with a colour of their own; those after them share the last. */
const ownColours = scatterColours.length - 1;

/** What points look like: colour, size, which are hidden and which are marked. */
export function useScatterLook(
  category: Int32Array,
  palette: readonly string[],
  choices: readonly ColumnChoice[],
  marked: Uint8Array | null
) {
  const [colourBy, setColourBy] = useState("");
  const [sizeBy, setSizeBy] = useState("");
  const [range, setRange] = useState<TimeRange | null>(null);
  const [hidden, setHidden] = useState<ReadonlyMap<string, ReadonlySet<number>>>(new Map());
  const [columns, setColumns] = useState<ReadonlyMap<string, ScatterColumn>>(new Map());
  const [failure, setFailure] = useState<string | null>(null);
  const dark = useDark();

  // biome-ignore lint/correctness/useExhaustiveDependencies: another map has columns of its own, another choice is read by choose
  useEffect(() => {
    setColumns(new Map());
    setHidden(new Map());
    setRange(null);
    let isGone = false;
    const wanted = choices.filter(({ name, kind, isFacet }) => {
      const isAsked = name === colourBy || name === sizeBy;
      return isAsked || isFacet || kind === "time";
    });
    readColumns(wanted).then(
      (read) => isGone || setColumns(read),
      (error: unknown) => isGone || setFailure(reportOf(error).message)
    );
    return () => {
      isGone = true;
    };
  }, [choices]);

  /** Reads a column before it is used, so that what is seen never waits half done. */
  const choose = (name: string, use: (name: string) => void) => {
    const choice = choices.find((candidate) => candidate.name === name);
    if (!choice || columns.has(name)) return use(name);
    readColumns([choice]).then(
      (read) => {
        setColumns((now) => new Map([...now, ...read]));
        setFailure(null);
        use(name);
      },
      (error: unknown) => setFailure(reportOf(error).message)
    );
  };

  const times = choices.find(({ kind }) => kind === "time")?.name;
  const timeColumn = times === undefined ? undefined : columns.get(times);
  const shownTimes = useMemo(
    () => (range && timeColumn?.kind === "time" ? maskTimes(timeColumn.values, range) : null),
    [range, timeColumn]
  );
  const shownValues = useMemo(
    () =>
      hideValues(
        category.length,
        [...hidden].flatMap(([name, values]) => {
          const column = columns.get(name);
          return column?.kind === "category" ? [{ codes: column.codes, values }] : [];
        })
      ),
    [category, hidden, columns]
  );
  const shown = useMemo(() => intersectMasks(shownTimes, shownValues), [shownTimes, shownValues]);

  const shading = useMemo((): Shading => {
    const column = columns.get(colourBy);
    if (!column) return { codes: category, colours: palette, column: null, scale: null };
    if (column.kind === "category") {
      const codes = column.codes.map((code) => Math.min(code, ownColours));
      return { codes, colours: scatterColours, column, scale: null };
    }
    const scale = buildScale(column.values, choices.find(({ name }) => name === colourBy)?.middle ?? null);
    return { codes: codeNumbers(column.values, scale), colours: scaleColours(scale, dark), column, scale };
  }, [columns, colourBy, category, palette, choices, dark]);
  const sizes = useMemo(() => {
    const column = columns.get(sizeBy);
    return column && column.kind !== "category" ? sizePoints(column.values, buildScale(column.values)) : null;
  }, [columns, sizeBy]);
  const colours = useMemo(() => colourPoints(shading.codes, marked, shading.colours), [shading, marked]);
  const order = useMemo(() => orderPoints(category.length, shown, marked), [category, shown, marked]);

  const drawn = useMemo(() => ({ colours, order, sizes }), [colours, order, sizes]);

  return {
    colourBy,
    sizeBy,
    range,
    hidden,
    columns,
    failure,
    dark,
    timeColumn: timeColumn?.kind === "time" ? timeColumn : null,
    shading,
    shown,
    drawn,
    setColourBy: (name: string) => choose(name, setColourBy),
    setSizeBy: (name: string) => choose(name, setSizeBy),
    setRange,
    setHidden: (name: string, values: ReadonlySet<number>) => setHidden((now) => new Map([...now, [name, values]]))
  };
}

async function readColumns(choices: readonly ColumnChoice[]): Promise<ReadonlyMap<string, ScatterColumn>> {
  const read = await Promise.all(choices.map(async (choice) => [choice.name, await choice.read()] as const));
  return new Map(read.flatMap(([name, column]) => (column ? [[name, column] as const] : [])));
}

/** Whether the page is drawn dark. */
function useDark(): boolean {
  const [dark, setDark] = useState(false);
  useEffect(() => {
    setDark(isDark());
    return watchTheme(setDark);
  }, []);
  return dark;
}
