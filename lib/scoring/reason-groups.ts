/** A labelled trace with why it was labelled so. */
export interface Justified {
  readonly traceId: string;
  readonly isWrong: boolean;
  readonly reason: string;
}

/** Reasons that resemble each other. */
export interface ReasonGroup {
  /** Words by which it differs from the others. */
  readonly name: string;
  readonly wrong: number;
  readonly fine: number;
  /** The typical first. */
  readonly reasons: readonly Justified[];
}

/** The clusters of a map of reasons. */
export interface ReasonClusters {
  /** By reason; below 0 for none. */
  readonly cluster: ArrayLike<number>;
  readonly clusters: readonly {
    readonly id: number;
    readonly label: string;
    readonly representatives: readonly string[];
  }[];
}

/** What the reasons are called that are like no others. */
export const loneReasons = "like no others";

/**
 * Puts reasons together by the clusters of their map; those in none come last.
 *
 * @param reasons  in the order of the map
 */
export function groupReasons(
  reasons: readonly Justified[],
  { cluster, clusters }: ReasonClusters
): readonly ReasonGroup[] {
  const groups = [...clusters, { id: -1, label: loneReasons, representatives: [] }].map(
    ({ id, label, representatives }): ReasonGroup => {
      const own = reasons.filter((_, at) => Math.max(-1, cluster[at]!) === id);
      const place = ({ traceId }: Justified) => {
        const at = representatives.indexOf(traceId);
        return at < 0 ? representatives.length : at;
      };
      const wrong = own.filter(({ isWrong }) => isWrong).length;
      return {
        name: label === "" ? loneReasons : label,
        ...{ wrong, fine: own.length - wrong },
        reasons: own.sort((a, b) => place(a) - place(b))
      };
    }
  );
  return groups.filter(({ reasons: own }) => own.length > 0);
}
