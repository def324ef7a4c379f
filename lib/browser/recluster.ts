import type { DrawnPoints, Reclustering } from "#lib/map/recluster.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import { paths } from "#lib/wire/paths.ts";
import { send } from "./api.ts";
import { openPageThread, type PageThread } from "./page-thread.ts";
import type { ReclusterAnswer, ReclusterQuestion } from "./recluster-worker.ts";

/** The thread that clusters anew; the bytes of a ground move to it. */
export type ReclusterThread = PageThread<ReclusterQuestion, ReclusterAnswer>;

/**
 * Clusters the points of a map anew beside the page. One smallest cluster is worked on at a time, and of those asked for
 * meanwhile only the last.
 */
export class LiveClusters {
  private readonly readGround: () => Promise<Uint8Array>;
  private readonly drawn: DrawnPoints;
  private readonly openThread: () => ReclusterThread;
  private readonly onFound: (found: Reclustering) => void;
  private readonly onFault: (fault: FaultReport) => void;
  private thread: Promise<ReclusterThread> | null = null;
  private wanted: number | null = null;
  private isBusy = false;
  private isClosed = false;

  constructor(
    readGround: () => Promise<Uint8Array>,
    drawn: DrawnPoints,
    told: { readonly found: (found: Reclustering) => void; readonly fault: (fault: FaultReport) => void },
    openThread: () => ReclusterThread = openReclusterThread
  ) {
    this.readGround = readGround;
    this.drawn = drawn;
    this.onFound = told.found;
    this.onFault = told.fault;
    this.openThread = openThread;
  }

  /** Asks for the clusters at a smallest one. */
  ask(least: number): void {
    this.wanted = least;
    this.thread ??= this.begin();
    this.thread.then(
      (thread) => this.next(thread),
      (error: unknown) => this.isClosed || this.onFault(reportOf(error))
    );
  }

  close(): void {
    this.isClosed = true;
    this.wanted = null;
    this.thread?.then(
      (thread) => thread.terminate(),
      () => undefined
    );
  }

  private async begin(): Promise<ReclusterThread> {
    const ground = await this.readGround();
    const thread = this.openThread();
    thread.listen((answer) => {
      this.isBusy = false;
      if (this.isClosed) return;
      if (answer.kind === "fault") this.onFault(answer.report);
      else this.onFound(answer.found);
      this.next(thread);
    });
    thread.postMessage({ kind: "open", ground, drawn: this.drawn });
    return thread;
  }

  private next(thread: ReclusterThread): void {
    if (this.isBusy || this.wanted === null) return;
    this.isBusy = true;
    thread.postMessage({ kind: "cut", least: this.wanted });
    this.wanted = null;
  }
}

/** Reads what the clusters of a map cell are drawn from. @throws Fault `limit` where that is too much for a page */
export async function readClusterGround(slug: string, map: string): Promise<Uint8Array> {
  return new Uint8Array(await (await send(paths.mapGround(slug, map), {})).arrayBuffer());
}

function openReclusterThread(): ReclusterThread {
  return openPageThread<ReclusterQuestion, ReclusterAnswer>(
    new Worker(new URL("./recluster-worker.ts", import.meta.url), { type: "module" }),
    (question) => (question.kind === "open" ? [question.ground.buffer as ArrayBuffer] : []),
    (report) => ({ kind: "fault", report }),
    "the clusters could not be worked out"
  );
}
