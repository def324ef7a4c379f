import type { FaultReport } from "#lib/model/fault.ts";

/** One of the four states that every view draws on purpose. */
export type Notice =
  | { readonly kind: "waiting"; readonly label?: string }
  | { readonly kind: "empty"; readonly title: string; readonly next?: React.ReactNode }
  | { readonly kind: "fault"; readonly fault: FaultReport; readonly action?: React.ReactNode }
  | { readonly kind: "partial"; readonly sentence: React.ReactNode };

/** Waiting as a skeleton, empty with what to do next, a fault with its hint, a part with what is missing. */
export function StateNotice({ notice }: { readonly notice: Notice }) {
  switch (notice.kind) {
    case "waiting":
      return (
        <div role="status" className="stack" style={{ gap: 10, padding: "12px 0" }}>
          <span className="sr-only">{notice.label ?? "Loading"}</span>
          <div className="skeleton" style={{ width: "72%" }} />
          <div className="skeleton" style={{ width: "88%" }} />
          <div className="skeleton" style={{ width: "54%" }} />
        </div>
      );
    case "empty":
      return (
        <div className="notice notice-empty">
          <p>{notice.title}</p>
          {notice.next ? <div className="soft">{notice.next}</div> : null}
        </div>
      );
    case "fault":
      return (
        <div className="notice notice-fault" role="alert">
          <div className="grow">
            <p>
              <strong className="status-bad">✕ {words[notice.fault.code]}.</strong> {notice.fault.message}
            </p>
            {notice.fault.hint ? <p className="soft">{notice.fault.hint}</p> : null}
            {notice.fault.detail ? (
              <details>
                <summary>Details</summary>
                <pre>{notice.fault.detail}</pre>
              </details>
            ) : null}
          </div>
          {notice.action}
        </div>
      );
    case "partial":
      return (
        <div className="notice notice-partial" role="status">
          <div>{notice.sentence}</div>
        </div>
      );
  }
}

const words: Readonly<Record<FaultReport["code"], string>> = {
  invalid: "Not valid",
  missing: "Not found",
  conflict: "Conflict",
  limit: "Limit reached",
  denied: "Not allowed",
  broken: "Something failed"
};
