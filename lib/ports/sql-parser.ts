import type { TextPosition } from "../model/fault.ts";

/** What one statement reads, by the engine's own parser. */
export type SqlReading =
  | {
      readonly kind: "select";
      /** Base relations that are read, without those the statement itself defines (WITH), in order, without repeats. */
      readonly tables: readonly string[];
      /** Named parameters, without the `$`. */
      readonly parameters: readonly string[];
    }
  | { readonly kind: "fault"; readonly message: string; readonly position: TextPosition | null };

/** The engine's parser, without any data behind it. */
export interface SqlParser {
  /** Reads exactly one SELECT; anything else is a `fault`. */
  read(sql: string): Promise<SqlReading>;
  close(): Promise<void>;
}
