import type { Metadata } from "next";
import { ReviewView } from "./view.tsx";

export const metadata: Metadata = { title: "Review" };

interface Props {
  readonly params: Promise<{ readonly queueId: string }>;
  readonly searchParams: Promise<{ readonly trace?: string; readonly unit?: string }>;
}

/** A queue as its reviewer works it, one trace at a time. */
export default async function Page({ params, searchParams }: Props) {
  const { trace, unit } = await searchParams;
  const start = trace !== undefined && unit !== undefined ? { traceId: trace, businessUnit: unit } : null;
  return <ReviewView queueId={(await params).queueId} start={start} />;
}
