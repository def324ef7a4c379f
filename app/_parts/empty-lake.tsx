import Link from "next/link";
import type { Notice } from "./state-notice.tsx";

/** What stands where traces would be while the lake has none. */
export const emptyLake: Notice = {
  kind: "empty",
  title: "The lake has no traces yet.",
  next: (
    <Link className="button button-main" href="/import">
      Import traces
    </Link>
  )
};
