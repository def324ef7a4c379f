"use client";
import { useState } from "react";
import { ask } from "#lib/browser/api.ts";
import type { Queue } from "#lib/model/queue.ts";
import type { Rubric } from "#lib/model/rubric.ts";
import { paths } from "#lib/wire/paths.ts";
import { Button } from "../../_parts/button.tsx";
import { RubricBox } from "../../_parts/rubric-box.tsx";
import { StateNotice } from "../../_parts/state-notice.tsx";
import { useAttempt } from "../../_parts/use-attempt.ts";

interface RubricChangeProps {
  readonly queue: Queue;
  readonly onDone: () => void;
}

/** Makes a new version of a rubric; what was judged by an earlier one stays. */
export function RubricChange({ queue, onDone }: RubricChangeProps) {
  const { version, userId: _, madeAtMs: __, ...current } = queue.rubric;
  const [rubric, setRubric] = useState<Rubric>(current);
  const { isBusy, fault, attempt } = useAttempt();
  const save = () =>
    attempt(async () => {
      await ask<Queue>(paths.queueRubric(queue.queueId), "PUT", { baseVersion: version, rubric });
      onDone();
    });
  return (
    <section className="stack" aria-label="Change the rubric" style={{ gap: 8 }}>
      <RubricBox rubric={rubric} onChange={setRubric} />
      <p className="soft" style={{ fontSize: 13 }}>
        This becomes version {version + 1}. What was judged stays with the version that it was judged by; an item that
        somebody has open is judged by the new one.
      </p>
      {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
      <div className="row">
        <Button tone="main" small disabled={isBusy} onClick={() => void save()}>
          Save version {version + 1}
        </Button>
        <Button tone="quiet" small onClick={onDone}>
          Leave it as it is
        </Button>
      </div>
    </section>
  );
}
