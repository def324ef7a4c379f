const shapes = {
  home: "M2.5 7.5 8 3l5.5 4.5V13a.5.5 0 0 1-.5.5H3a.5.5 0 0 1-.5-.5zM6.5 13.5v-4h3v4",
  book: "M3.5 2.5h8a1 1 0 0 1 1 1v10h-8a1 1 0 0 1-1-1zM3.5 12a1 1 0 0 1 1-1h8M6 5.5h4",
  trace: "M2.5 3.5h7M5.5 8h8M4 12.5h5",
  talk: "M2.5 3.5h8v5.5h-4.5l-2 2v-2h-1.5zM12.5 6h1v5h-1v2l-2-2h-3",
  map: "M3.5 4.5h.01M6.5 3.5h.01M5 7h.01M10.5 9.5h.01M12.5 8h.01M12 11.5h.01M9.5 12.5h.01M4 12h.01M11 4h.01",
  score: "M2.8 11.5a5.6 5.6 0 1 1 10.4 0M8 10.5l2.6-4M8 10.5h.01",
  queue: "M2.5 4.5 4 6l2.5-3M8.5 4.5h5M2.5 11 4 12.5l2.5-3M8.5 11.5h5",
  set: "M2.5 5 8 2.5 13.5 5 8 7.5zM2.5 8 8 10.5 13.5 8M2.5 11 8 13.5l5.5-2.5",
  run: "M8 2.5a5.5 5.5 0 1 1-5.2 3.7M2.5 2.5v4h4M8 5v3.2l2.2 1.3",
  search: "M7 3a4 4 0 1 1 0 8 4 4 0 0 1 0-8M10 10l3.5 3.5",
  theme: "M8 2.5a5.5 5.5 0 0 1 0 11zM8 2.5a5.5 5.5 0 0 0 0 11",
  play: "M5 3.2v9.6L12.5 8z",
  stop: "M4.5 4.5h7v7h-7z",
  plus: "M8 3v10M3 8h10",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  up: "M4 10l4-4 4 4",
  down: "M4 6l4 4 4-4",
  trash: "M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.5 9h6l.5-9",
  drag: "M6 4h.01M10 4h.01M6 8h.01M10 8h.01M6 12h.01M10 12h.01",
  fold: "M6 4l4 4-4 4",
  chart: "M3 13V8M7 13V3M11 13V6",
  download: "M8 2.5v8M4.5 7.5 8 11l3.5-3.5M3 13.5h10",
  upload: "M8 11V3M4.5 6 8 2.5 11.5 6M3 13.5h10",
  key: "M10.5 2.7a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6M8.5 7.5 3 13M5 11l1.8 1.8",
  person: "M8 2.5a2.6 2.6 0 1 1 0 5.2 2.6 2.6 0 0 1 0-5.2M3 13.5a5 5 0 0 1 10 0",
  leave: "M9.5 2.5h-6v11h6M6.5 8h7M11 5.5 13.5 8 11 10.5",
  shield: "M8 2.2l5 1.8v4c0 2.8-2 4.9-5 5.8-3-.9-5-3-5-5.8V4zM5.8 8l1.6 1.6 2.9-3.1",
  close: "M4 4l8 8M12 4l-8 8"
} as const;

/** Names of the drawings that buttons and navigation use. */
export type IconName = keyof typeof shapes;

/** A 16 x 16 line drawing in the colour of the text; always beside a word or an `aria-label`. */
export function Icon({ name }: { readonly name: IconName }) {
  const dots = name === "map" || name === "more" || name === "drag";
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path
        d={shapes[name]}
        fill={name === "play" || name === "stop" ? "currentColor" : "none"}
        stroke="currentColor"
        strokeWidth={dots ? 2 : 1.4}
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

/** The mark of the workbench. */
export function BrandMark() {
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <rect x="1" y="1" width="18" height="18" rx="5" fill="var(--accent)" />
      <path d="M5 6.5h10M8 10.5h5M10 14.5h5" stroke="var(--accent-ink)" strokeWidth="1.8" strokeLinecap="round" />
    </svg>
  );
}
