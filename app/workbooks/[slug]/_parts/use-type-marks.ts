"use client";
import type * as Monaco from "monaco-editor";
import { type RefObject, useEffect } from "react";
import type { DiagnosticsReply } from "#lib/wire/workbook.ts";

/** Checks the types of a text. */
export type CheckTypes = (source: string) => Promise<DiagnosticsReply["diagnostics"]>;

const [owner, compiler] = ["types", "typescript"];

/**
 * Marks errors of types in a text that nobody has touched yet, once it is in sight and the page is idle: the
 * compiler in the page starts only for who points into the code. Its own marks take the place of these.
 */
export function useTypeMarks(
  host: RefObject<HTMLElement | null>,
  monaco: typeof Monaco | null,
  model: Monaco.editor.ITextModel | null,
  check: CheckTypes | undefined
): void {
  useEffect(() => {
    if (!host.current || !monaco || !model || !check) return;
    const { editor, MarkerSeverity } = monaco;
    const untouched = model.getVersionId();
    let isOver = false;
    const clear = () => {
      isOver = true;
      if (!model.isDisposed()) editor.setModelMarkers(model, owner, []);
    };
    const mark = async () => {
      const found = await check(model.getValue());
      if (isOver || model.isDisposed() || model.getVersionId() !== untouched) return;
      editor.setModelMarkers(
        model,
        owner,
        found.map(({ message, line, column }) => ({
          ...{ severity: MarkerSeverity.Error, message, startLineNumber: line, startColumn: column },
          ...{
            endLineNumber: line,
            endColumn: model.getWordAtPosition({ lineNumber: line, column })?.endColumn ?? column + 1
          }
        }))
      );
    };
    const observer = new IntersectionObserver(([entry]) => {
      if (!entry?.isIntersecting) return;
      observer.disconnect();
      requestIdleCallback(() => {
        // Running the cell tells the same; a check that fails is no news to who only reads.
        if (!isOver) mark().catch((error: unknown) => console.warn("the types were not checked:", error));
      });
    });
    observer.observe(host.current);
    const listeners = [
      model.onDidChangeContent(clear),
      editor.onDidChangeMarkers(([uri]) => {
        if (
          uri?.toString() === model.uri.toString() &&
          editor.getModelMarkers({ resource: uri, owner: compiler }).length > 0
        )
          clear();
      })
    ];
    return () => {
      observer.disconnect();
      for (const listener of listeners) listener.dispose();
      clear();
    };
  }, [host, monaco, model, check]);
}
