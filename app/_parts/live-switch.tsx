"use client";
import type { LiveState } from "./use-live.ts";

interface LiveSwitchProps {
  readonly isOn: boolean;
  readonly state: LiveState;
  /** Why it cannot be switched on now. */
  readonly obstacle: string | null;
  readonly onToggle: () => void;
}

const words: Readonly<Record<LiveState, string>> = {
  off: "Live",
  opening: "Live …",
  on: "Live",
  lost: "Live, reconnecting"
};

/** Switches on that new traces appear as they come. */
export function LiveSwitch({ isOn, state, obstacle, onToggle }: LiveSwitchProps) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={isOn}
      className="button"
      title={obstacle ?? "New traces appear at the top as they come ( l )"}
      disabled={obstacle !== null && !isOn}
      onClick={onToggle}
    >
      <span className="live-dot" data-state={isOn ? state : "off"} aria-hidden="true" />
      {isOn ? words[state] : "Live"}
    </button>
  );
}
