import type { TextPosition } from "../model/fault.ts";
import type { Json } from "../model/span.ts";

/** A scorer ready for the sandbox. */
export interface CompiledScorer {
  /** First 12 hex digits of the SHA-256 of the source, the options that are set and the contract's version. */
  readonly version: string;
  /** One ES module without imports. */
  readonly code: string;
}

/** One complaint of the type checker. */
export interface Diagnostic {
  readonly message: string;
  readonly position: TextPosition;
}

/** Turns a scorer's TypeScript into a module for the sandbox. */
export interface Compiler {
  /**
   * @param options  values over the scorer's own; one that it does not have is refused where the module loads
   * @throws Fault `invalid` with position for text that is no TypeScript, or imports what is not allowed
   */
  compile(source: string, options?: { readonly [name: string]: Json }): Promise<CompiledScorer>;
  /** Checks types against the scorer contract; empty when all is well. */
  diagnose(source: string): Promise<readonly Diagnostic[]>;
  close(): Promise<void>;
}
