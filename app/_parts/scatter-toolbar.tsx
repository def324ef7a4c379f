import { type ScatterTool, scatterTools } from "#lib/browser/scatter-tools.ts";
import { Button } from "./button.tsx";

interface ScatterToolbarProps {
  /** null where nothing can be picked. */
  readonly tool: ScatterTool | null;
  readonly isOutlined: boolean;
  /** Points that are selected; null without a selection. */
  readonly selected: number | null;
  readonly onTool: (tool: ScatterTool) => void;
  readonly onZoom: (factor: number) => void;
  readonly onShowAll: () => void;
  readonly onOutlined: (isOutlined: boolean) => void;
  readonly onClear: () => void;
  /** Lays them out alone; undefined where that cannot be. */
  readonly onRemap: (() => void) | undefined;
}

/** What can be done with the map, by button; each has a key as well. */
export function ScatterToolbar(props: ScatterToolbarProps) {
  return (
    <div className="scatter-toolbar" role="toolbar" aria-label="Map">
      {props.tool === null
        ? null
        : scatterTools.map(({ tool, label, key }) => (
            <Button
              key={tool}
              small
              title={`${label} (${key.toUpperCase()})`}
              aria-pressed={props.tool === tool}
              tone={props.tool === tool ? "main" : "plain"}
              onClick={() => props.onTool(tool)}
            >
              {label}
            </Button>
          ))}
      <Button small aria-label="Zoom in" title="Zoom in (+)" onClick={() => props.onZoom(1.4)}>
        +
      </Button>
      <Button small aria-label="Zoom out" title="Zoom out (-)" onClick={() => props.onZoom(1 / 1.4)}>
        −
      </Button>
      <Button small title="Show all (0)" onClick={props.onShowAll}>
        Fit
      </Button>
      <Button
        small
        aria-pressed={props.isOutlined}
        title="Outlines of clusters"
        onClick={() => props.onOutlined(!props.isOutlined)}
      >
        Outlines
      </Button>
      {props.selected !== null ? (
        <Button small title="Clear selection (Escape)" onClick={props.onClear}>
          Clear selection ({props.selected.toLocaleString("en-US")})
        </Button>
      ) : null}
      {props.onRemap && props.selected ? (
        <Button small title="Lay these traces out alone, without the others" onClick={props.onRemap}>
          Remap these {props.selected.toLocaleString("en-US")}
        </Button>
      ) : null}
    </div>
  );
}
