"use client";
import { useEffect, useMemo, useRef, useState } from "react";
import { colourPoints, intersectMasks, orderPoints } from "#lib/browser/scatter-colour.ts";
import { fitColumn, hideValues, type ScatterColumn } from "#lib/browser/scatter-columns.ts";
import { sideColours } from "#lib/browser/scatter-density.ts";
import type { ColumnChoice } from "#lib/browser/scatter-rows.ts";
import { buildScale, codeNumbers, type NumberScale, scaleColours, sizePoints } from "#lib/browser/scatter-scale.ts";
import { maskTimes, type TimeRange } from "#lib/browser/scatter-time.ts";
import { categoryColours } from "#lib/model/category-colours.ts";
import { reportOf } from "#lib/model/fault.ts";
import { useDark } from "./use-dark.ts";

/** What the points are coloured by, as the legend says it. */
export interface Shading {
  readonly codes: Int32Array;
  readonly colours: readonly string[];
  /** Whether the codes are clusters. */
  readonly isCluster: boolean;
  /** The column, and its scale where it holds numbers; null for clusters and compared populations. */
  readonly column: ScatterColumn | null;
  readonly scale: NumberScale | null;
}

/** Categories of a column with a colour of their own; those after them share the last. */
const ownColours = categoryColours.length - 1;

interface LookOf {
  readonly category: Int32Array;
  readonly palette: readonly string[];
  readonly choices: readonly ColumnChoice[];
  readonly marked: Uint8Array | null;
  /** Sides of compared populations, 0 and 1, in place of other colours; null without a comparison. */
  readonly compared: Int32Array | null;
  /** Of the map: another begins with nothing hidden. */
  readonly identity: unknown;
}

/** What points look like: colour, size, which are hidden and which are marked. */
export function useScatterLook({ category, palette, choices, marked, compared, identity }: LookOf) {
  const [colourBy, setColourBy] = useState("");
  const [sizeBy, setSizeBy] = useState("");
  const [range, setRange] = useState<TimeRange | null>(null);
  const [hidden, setHidden] = useState<ReadonlyMap<string, ReadonlySet<number>>>(new Map());
  const [read, setColumns] = useState<ReadonlyMap<string, ScatterColumn>>(new Map());
  const n = category.length;
  // Points may have joined since a column was read; it is read again meanwhile.
  const columns = useMemo(
    () => new Map([...read].map(([name, column]) => [name, fitColumn(column, n)] as const)),
    [read, n]
  );
  const [failure, setFailure] = useState<string | null>(null);
  const [reading, setReading] = useState<string | null>(null);
  const asked = useRef(new Map<(name: string) => void, string>());
  const dark = useDark();

  // biome-ignore lint/correctness/useExhaustiveDependencies: another map has columns of its own
  useEffect(() => {
    setColumns(new Map());
    setHidden(new Map());
    setRange(null);
  }, [identity]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another choice is read by choose
  useEffect(() => {
    let isGone = false;
    const wanted = choices.filter(({ name, kind, isFacet }) => {
      const isAsked = name === colourBy || name === sizeBy || (hidden.get(name)?.size ?? 0) > 0;
      return isAsked || isFacet || kind === "time";
    });
    readColumns(wanted).then(
      (fresh) => isGone || setColumns((now) => new Map([...now, ...fresh])),
      (error: unknown) => isGone || setFailure(reportOf(error).message)
    );
    return () => {
      isGone = true;
    };
  }, [choices, identity]);

  /** Reads a column before it is used, so that what is seen never waits half done. */
  const choose = (name: string, use: (name: string) => void) => {
    asked.current.set(use, name);
    const choice = choices.find((candidate) => candidate.name === name);
    if (!choice || isWhole(read.get(name), n)) {
      setReading(null);
      return use(name);
    }
    setReading(choice.label);
    readColumns([choice]).then(
      (fresh) => {
        setColumns((now) => new Map([...now, ...fresh]));
        setFailure(null);
        // Something else may have been chosen meanwhile.
        if (asked.current.get(use) !== name) return;
        setReading(null);
        use(name);
      },
      (error: unknown) => {
        setReading(null);
        setFailure(reportOf(error).message);
      }
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
        n,
        [...hidden].flatMap(([name, values]) => {
          const column = columns.get(name);
          return column?.kind === "category" ? [{ codes: column.codes, values }] : [];
        })
      ),
    [n, hidden, columns]
  );
  const shown = useMemo(() => intersectMasks(shownTimes, shownValues), [shownTimes, shownValues]);

  const shading = useMemo((): Shading => {
    if (compared) return { codes: compared, colours: sideColours(dark), isCluster: false, column: null, scale: null };
    const column = columns.get(colourBy);
    if (!column) return { codes: category, colours: palette, isCluster: true, column: null, scale: null };
    if (column.kind === "category") {
      const codes = column.codes.map((code) => Math.min(code, ownColours));
      return { codes, colours: categoryColours, isCluster: false, column, scale: null };
    }
    const scale = buildScale(column.values, choices.find(({ name }) => name === colourBy)?.middle ?? null);
    const [codes, colours] = [codeNumbers(column.values, scale), scaleColours(scale, dark)];
    return { codes, colours, isCluster: false, column, scale };
  }, [columns, colourBy, category, palette, choices, dark, compared]);
  const sizes = useMemo(() => {
    const column = columns.get(sizeBy);
    return column && column.kind !== "category" ? sizePoints(column.values, buildScale(column.values)) : null;
  }, [columns, sizeBy]);
  const colours = useMemo(() => colourPoints(shading.codes, marked, shading.colours), [shading, marked]);
  const order = useMemo(
    () => orderPoints(n, shown, marked, shading.isCluster ? null : shading.codes),
    [n, shown, marked, shading]
  );

  const drawn = useMemo(() => ({ colours, order, sizes }), [colours, order, sizes]);

  return {
    colourBy,
    sizeBy,
    /** What a point without a value of the column is called. */
    none: choices.find(({ name }) => name === colourBy)?.none ?? "without a value",
    range,
    hidden,
    columns,
    failure,
    /** Label of a column that was chosen and is not here yet. */
    reading,
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

/** Whether a column has all n points. */
function isWhole(column: ScatterColumn | undefined, n: number): boolean {
  return column !== undefined && fitColumn(column, n) === column;
}

async function readColumns(choices: readonly ColumnChoice[]): Promise<ReadonlyMap<string, ScatterColumn>> {
  const read = await Promise.all(choices.map(async (choice) => [choice.name, await choice.read()] as const));
  return new Map(read.flatMap(([name, column]) => (column ? [[name, column] as const] : [])));
}
