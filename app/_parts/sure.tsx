import { Button } from "./button.tsx";

interface SureProps {
  /** What it would mean. */
  readonly about: string;
  /** What is said yes to. */
  readonly yes: string;
  readonly onYes: () => void;
  readonly onKeep: () => void;
}

/** Asks once more before what cannot be taken back. */
export function Sure({ about, yes, onYes, onKeep }: SureProps) {
  return (
    <>
      <span className="soft">{about}</span>
      <Button tone="danger" small onClick={onYes}>
        {yes}
      </Button>
      <Button small onClick={onKeep}>
        Keep
      </Button>
    </>
  );
}
