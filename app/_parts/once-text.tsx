"use client";
import { Button } from "./button.tsx";
import { useCopy } from "./use-copy.ts";
import "./once-text.css";

interface OnceTextProps {
  readonly title: string;
  /** What it is good for, and for how long. */
  readonly about: React.ReactNode;
  readonly text: string;
  readonly onClose: () => void;
}

/** A secret that is shown this once. */
export function OnceText({ title, about, text, onClose }: OnceTextProps) {
  const { said, copy } = useCopy(text);
  return (
    <section aria-label={title} className="card once">
      <div className="row">
        <h2 className="grow">
          <span className="status-good">✓</span> {title}
        </h2>
        <Button small onClick={onClose}>
          I have kept it
        </Button>
      </div>
      <p className="soft">{about}</p>
      <div className="row">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must take the keyboard */}
        <pre className="once-text grow" tabIndex={0}>
          {text}
        </pre>
        <Button small onClick={copy}>
          Copy
        </Button>
        <span role="status" className="soft">
          {said}
        </span>
      </div>
    </section>
  );
}
