"use client";
import type * as Monaco from "monaco-editor";
import { useContext, useEffect, useRef, useState } from "react";
import type { CellKind } from "#lib/model/cell.ts";
import type { TextPosition } from "#lib/model/fault.ts";
import { MayEdit } from "./may-edit.ts";
import { type CheckTypes, useTypeMarks } from "./use-type-marks.ts";

const languages: Readonly<Record<CellKind, string>> = {
  prose: "markdown",
  sql: "sql",
  check: "sql",
  scorer: "typescript",
  judge: "yaml",
  score: "yaml",
  chart: "javascript",
  map: "yaml",
  calibration: "yaml"
};

interface CellEditorProps {
  readonly id: string;
  readonly kind: CellKind;
  readonly text: string;
  readonly label: string;
  /** Makes the editor at once, not only when it is about to be seen. */
  readonly eager: boolean;
  readonly load: () => Promise<typeof Monaco>;
  /** Finds errors of types in code that nobody has touched yet. */
  readonly check?: CheckTypes | undefined;
  readonly mark: { readonly message: string; readonly position: TextPosition } | null;
  readonly onChange: (text: string) => void;
  readonly onRun: (moveOn: boolean) => void;
  readonly onRunAll: () => void;
}

/** A cell's text in an editor that grows with it; plain text until the editor is there. */
export function CellEditor({ id, kind, text, label, eager, load, check, mark, ...props }: CellEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const mayEdit = useContext(MayEdit);
  const editor = useRef<Monaco.editor.IStandaloneCodeEditor | null>(null);
  const monacoRef = useRef<typeof Monaco | null>(null);
  const latest = useRef({ ...props, text });
  latest.current = { ...props, text };
  const [ready, setReady] = useState(false);
  const [near, setNear] = useState(eager);
  /** Texts that this editor has handed out and that have not come back yet, the newest last. */
  const handedOut = useRef<string[]>([]);
  const applying = useRef(false);

  useEffect(() => {
    if (!host.current || near) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && setNear(true), {
      rootMargin: "800px"
    });
    observer.observe(host.current);
    return () => observer.disconnect();
  }, [near]);

  useEffect(() => {
    if (!near) return;
    let live = true;
    let made: Monaco.editor.IStandaloneCodeEditor | null = null;
    let model: Monaco.editor.ITextModel | null = null;
    load().then(
      (monaco) => {
        if (!live || !host.current) return;
        monacoRef.current = monaco;
        const ending = kind === "scorer" ? ".ts" : kind === "chart" ? ".js" : "";
        model = monaco.editor.createModel(
          latest.current.text,
          languages[kind],
          monaco.Uri.parse(`file:///${id}${ending}`)
        );
        made = monaco.editor.create(host.current, {
          model,
          ariaLabel: label,
          automaticLayout: true,
          contextmenu: true,
          fixedOverflowWidgets: true,
          folding: false,
          fontSize: 13,
          glyphMargin: false,
          lineDecorationsWidth: 8,
          lineNumbers: "off",
          minimap: { enabled: false },
          overviewRulerLanes: 0,
          padding: { top: 8, bottom: 8 },
          readOnly: !mayEdit,
          readOnlyMessage: { value: "You may not change this workbook. Make a copy to change it." },
          renderLineHighlight: "none",
          scrollBeyondLastLine: false,
          scrollbar: {
            vertical: "hidden",
            horizontal: "auto",
            handleMouseWheel: false,
            alwaysConsumeMouseWheel: false
          },
          wordWrap: kind === "prose" ? "on" : "off"
        });
        const grow = () => {
          if (host.current && made) host.current.style.height = `${Math.max(36, made.getContentHeight())}px`;
        };
        made.onDidContentSizeChange(grow);
        grow();
        model.onDidChangeContent(() => {
          if (applying.current) return;
          const value = model!.getValue();
          handedOut.current.push(value);
          latest.current.onChange(value);
        });
        // addCommand would bind the keys of all editors to the one that was made last.
        made.onKeyDown((event) => {
          const [command, shift] = [event.ctrlKey || event.metaKey, event.shiftKey];
          if (event.keyCode !== monaco.KeyCode.Enter || !(command || shift)) return;
          event.preventDefault();
          event.stopPropagation();
          if (command && shift) latest.current.onRunAll();
          else latest.current.onRun(shift);
        });
        editor.current = made;
        setReady(true);
      },
      (error: unknown) => console.error("the editor could not be loaded:", error)
    );
    return () => {
      live = false;
      editor.current = null;
      made?.dispose();
      model?.dispose();
    };
  }, [id, kind, label, load, near, mayEdit]);

  useEffect(() => {
    const model = editor.current?.getModel();
    if (!model) return;
    // A text of this editor's own comes back late while somebody types on; only another's text replaces it.
    const at = handedOut.current.lastIndexOf(text);
    if (at >= 0) {
      handedOut.current.splice(0, at);
      return;
    }
    handedOut.current = [];
    if (model.getValue() === text) return;
    applying.current = true;
    model.pushEditOperations([], [{ range: model.getFullModelRange(), text }], () => null);
    applying.current = false;
  }, [text]);

  useEffect(() => {
    const [monaco, model] = [monacoRef.current, editor.current?.getModel()];
    if (!ready || !monaco || !model) return;
    const markers = mark
      ? [
          {
            severity: monaco.MarkerSeverity.Error,
            message: mark.message,
            startLineNumber: mark.position.line,
            startColumn: mark.position.column,
            endLineNumber: mark.position.line,
            endColumn: mark.position.column + 1
          }
        ]
      : [];
    monaco.editor.setModelMarkers(model, "tracebook", markers);
  }, [mark, ready]);

  useTypeMarks(host, ready ? monacoRef.current : null, ready ? (editor.current?.getModel() ?? null) : null, check);

  return (
    <div className="cell-editor">
      <div ref={host} style={{ minHeight: 36 }} />
      {ready ? null : <pre className="cell-text">{text}</pre>}
    </div>
  );
}
