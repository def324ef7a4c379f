/** Parts of a trace that a judge can be shown. */
export const traceParts = ["input", "output", "conversation", "tools", "documents", "failure"] as const;

/** A part of a trace that a judge is shown. */
export type TracePart = (typeof traceParts)[number];

/** What a judge says where no label holds; so no label is called so. */
export const cannotJudge = "cannot_judge";

/** A verdict that a judge can give. */
export interface JudgeLabel {
  readonly name: string;
  /** When it holds. */
  readonly meaning: string;
  readonly pass: boolean;
}

/** What a judge is asked, whoever is asked. */
export interface JudgeSpec {
  /** What has to hold. */
  readonly criterion: string;
  /** At least two, of different names. */
  readonly labels: readonly JudgeLabel[];
  readonly sees: readonly TracePart[];
}
