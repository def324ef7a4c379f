import { BrandMark } from "./icon.tsx";
import "./entrance.css";

interface EntranceBoxProps {
  readonly title: string;
  readonly children: React.ReactNode;
}

/** A page that people come in by: nothing but what they came for. */
export function EntranceBox({ title, children }: EntranceBoxProps) {
  return (
    <div className="entrance">
      <div className="entrance-box">
        <div className="entrance-brand">
          <BrandMark />
          Tracebook
        </div>
        <h1>{title}</h1>
        {children}
      </div>
    </div>
  );
}
