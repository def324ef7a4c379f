import { readdir, readFile, writeFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { Fault } from "#lib/model/fault.ts";
import type { MapGround } from "#lib/model/kept-map.ts";
import { type Right, scopeOf } from "#lib/model/rights.ts";
import type { BusinessUnit, Scope } from "#lib/model/scope.ts";
import type { Adjudications } from "#lib/ports/adjudications.ts";
import type { Alerts } from "#lib/ports/alerts.ts";
import type { Annotations } from "#lib/ports/annotations.ts";
import type { ApiKeys } from "#lib/ports/api-keys.ts";
import type { Audit } from "#lib/ports/audit.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { Comments } from "#lib/ports/comments.ts";
import type { Compiler } from "#lib/ports/compiler.ts";
import type { Datasets } from "#lib/ports/datasets.ts";
import type { Erasures } from "#lib/ports/erasures.ts";
import type { GoldItems } from "#lib/ports/gold-items.ts";
import type { IngestKeys } from "#lib/ports/ingest-keys.ts";
import type { Intake } from "#lib/ports/intake.ts";
import type { Invitations, ResetLinks } from "#lib/ports/invitations.ts";
import type { Jobs } from "#lib/ports/jobs.ts";
import type { KeptMaps } from "#lib/ports/kept-maps.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import type { Lake } from "#lib/ports/lake.ts";
import type { MapBuilder } from "#lib/ports/map-builder.ts";
import type { Masks } from "#lib/ports/masks.ts";
import type { Model } from "#lib/ports/model.ts";
import type { People, Units } from "#lib/ports/people.ts";
import type { Publications } from "#lib/ports/publications.ts";
import type { QueueFillings } from "#lib/ports/queue-fillings.ts";
import type { Queues } from "#lib/ports/queues.ts";
import type { Reviews } from "#lib/ports/reviews.ts";
import type { Runs } from "#lib/ports/runs.ts";
import type { Sandbox } from "#lib/ports/sandbox.ts";
import type { SavedViews } from "#lib/ports/saved-views.ts";
import type { Schedules } from "#lib/ports/schedules.ts";
import type { Shares } from "#lib/ports/shares.ts";
import type { SourceFiles } from "#lib/ports/source-files.ts";
import type { SqlParser } from "#lib/ports/sql-parser.ts";
import type { Uploads } from "#lib/ports/uploads.ts";
import type { Workbooks } from "#lib/ports/workbooks.ts";
import type { CellForecastReply } from "#lib/wire/cell-forecast.ts";
import type { RuleForecastReply, RuleForecastRequest } from "#lib/wire/scorers.ts";
import { CompareMap } from "#lib/work/compare-map.ts";
import { Desk } from "#lib/work/desk.ts";
import { defaultLimits } from "#lib/work/desk-doors.ts";
import type { Starter } from "#lib/work/first-start.ts";
import { forecastCell } from "#lib/work/forecast-cell.ts";
import { forecastRule } from "#lib/work/forecast-rule.ts";
import { MapColumns } from "#lib/work/map-columns.ts";
import { MapKeeper } from "#lib/work/map-keeper.ts";
import { MapParts } from "#lib/work/map-parts.ts";
import { MapReader } from "#lib/work/map-reader.ts";
import { ScorerPromotions } from "#lib/work/promote-scorer.ts";
import { QueueStatistics } from "#lib/work/queue-statistics.ts";
import { ReadTrail } from "#lib/work/read-trail.ts";
import type { ClusterReviewDoors } from "#lib/work/review-cluster.ts";
import { ScopeKernels } from "#lib/work/scope-kernels.ts";
import type { ScorerPageDoors } from "#lib/work/scorer-pages.ts";
import { type DownloadFormat, downloadTable } from "#lib/work/table-download.ts";
import { MapTitler } from "#lib/work/title-clusters.ts";
import { TraceBrowser } from "#lib/work/trace-browser.ts";
import { TraceTail } from "#lib/work/trace-tail.ts";
import { ScorerBench } from "#lib/work/try-scorer.ts";
import { openSealedAudit } from "./audit/sealed-audit.ts";
import { openSignInDoors, type SignInDoors } from "./auth/doors.ts";
import { scopeOfUser } from "./auth/scope-of-user.ts";
import { localOwner } from "./auth/who-asks.ts";
import { type Background, startBackground } from "./background.ts";
import { buildChartBundle } from "./chart-bundle.ts";
import { systemClock } from "./clock.ts";
import { openCompiler, readContract } from "./compiler.ts";
import type { Config } from "./config.ts";
import { openEmbedder } from "./embed/embedder.ts";
import { openIntake } from "./intake/intake.ts";
import { openJobs } from "./jobs/jobs.ts";
import { writeKernelParquet } from "./lake/kernel.ts";
import { openLake } from "./lake/lake.ts";
import { openSqlParser } from "./lake/parser.ts";
import { openMapBuilder } from "./map/builder.ts";
import { checkpointDefaults } from "./map/checkpoints.ts";
import { openProjections } from "./map/projections.ts";
import { openSandbox } from "./sandbox/sandbox.ts";
import { readPackageTypes } from "./scorer-packages.ts";
import { localFiles } from "./source-files.ts";
import { openState, type State } from "./state/state.ts";
import { listStateTables } from "./state/state-tables.ts";
import { openUploads } from "./uploads.ts";

/** Every door, opened, and the work that holds state in memory. One per process. */
export interface Workbench extends SignInDoors {
  readonly config: Config;
  readonly clock: Clock;
  readonly lake: Lake;
  readonly parser: SqlParser;
  readonly compiler: Compiler;
  readonly sandbox: Sandbox;
  readonly maps: MapBuilder;
  readonly workbooks: Workbooks;
  readonly shares: Shares;
  readonly runs: Runs;
  readonly publications: Publications;
  readonly comments: Comments;
  readonly annotations: Annotations;
  readonly alerts: Alerts;
  readonly audit: Audit;
  readonly erasures: Erasures;
  readonly reads: ReadTrail;
  readonly jobs: Jobs;
  readonly schedules: Schedules;
  readonly ingestKeys: IngestKeys;
  readonly savedViews: SavedViews;
  readonly masks: Masks;
  readonly keptMaps: KeptMaps;
  readonly datasets: Datasets;
  readonly queues: Queues;
  /** Null where none is configured. */
  readonly model: Model | null;
  readonly reviews: Reviews;
  readonly adjudications: Adjudications;
  readonly goldItems: GoldItems;
  readonly queueFillings: QueueFillings;
  readonly queueStatistics: QueueStatistics;
  readonly people: People;
  readonly units: Units;
  readonly invitations: Invitations;
  readonly resetLinks: ResetLinks;
  readonly apiKeys: ApiKeys;
  readonly intake: Intake;
  readonly sources: SourceFiles;
  readonly uploads: Uploads;
  readonly desk: Desk;
  readonly bench: ScorerBench;
  readonly promotions: ScorerPromotions;
  readonly traces: TraceBrowser;
  readonly traceTail: TraceTail;
  readonly mapKeeper: MapKeeper;
  readonly mapReader: MapReader;
  readonly mapTitler: MapTitler;
  readonly mapColumns: MapColumns;
  readonly mapParts: MapParts;
  /** What clusters are sent to experts with. */
  readonly clusterReview: ClusterReviewDoors;
  readonly compareMap: CompareMap;
  readonly starters: readonly Starter[];
  /** Version of the program, as runs record it. */
  readonly engine: string;
  /** Every business unit that there is, sorted. */
  listUnits(): Promise<readonly BusinessUnit[]>;
  /** Who works at this machine itself: the command line and what runs on its own. */
  scope(): Promise<Scope>;
  /** What a right gives somebody at this moment; see `scopeOfUser`. */
  scopeOfUser(userId: string, right: Right): Promise<Scope>;
  /** The scorer contract as TypeScript declarations. */
  readContract(): Promise<string>;
  /** Declarations of a package that scorers may import, by path. */
  readPackageTypes(name: string): Readonly<Record<string, string>>;
  /** What a cell that asks models would cost; see `forecastCell`. */
  forecastCell(scope: Scope, ground: MapGround, signal: AbortSignal): Promise<CellForecastReply>;
  /** What the pages of promoted scorers and their rules are read with. */
  readonly scorerPages: ScorerPageDoors;
  /** What a rule would find and take; see `forecastRule`. */
  forecastRule(
    scope: Scope,
    scorerId: string,
    request: RuleForecastRequest,
    signal: AbortSignal
  ): Promise<RuleForecastReply>;
  /** Text of the script that draws chart cells in the page's frames. */
  readChartRuntime(): Promise<string>;
  /** A table of a kernel as a file's bytes. */
  exportTable(kernel: Kernel, table: string, format: DownloadFormat): Promise<Uint8Array>;
  /** Keeps the sample's answer key beside the lake, never in it. */
  keepAnswerKey(key: Readonly<Record<string, readonly string[]>>): Promise<void>;
  /** Works schedules, places what arrives on kept maps and sends alerts, until stopped. */
  startBackground(): Promise<Background>;
  close(): Promise<void>;
}

/**
 * Opens everything.
 *
 * @param root  absolute path of the project: starter workbooks and scorers lie there
 */
export async function openWorkbench(config: Config, root: string): Promise<Workbench> {
  const clock = systemClock;
  const state = await openState(config, clock);
  const sealed = await openSealedAudit(config, state.db, clock, (error) =>
    console.error("the audit trail could not be signed:", error)
  );
  const reads = new ReadTrail(sealed.audit, clock.nowMs);
  const lake = await openLake({
    folder: `${config.dataFolder}/lake`,
    spillFolder: `${config.dataFolder}/spill/${clock.newId()}`,
    catalog: state.catalog,
    clock,
    stateTables: (scope) => listStateTables(state, scope),
    masks: (units) => state.masks.inForce(units)
  });
  const [parser, compiler, sandbox, maps, jobs, engine, starters] = await Promise.all([
    openSqlParser(),
    openCompiler(),
    openSandbox(),
    openMapBuilder({ checkpoints: { ...checkpointDefaults, folder: `${config.dataFolder}/maps/steps` } }),
    openJobs(config, state, clock),
    readVersion(root),
    readStarters(root)
  ]);
  const embedder = await openEmbedder(config);
  const model = await openConfiguredModel(config, state);
  const scorerDoors = { compiler, sandbox, findScorer: (name: string) => findScorer(root, name) };
  const desk = new Desk({
    lake,
    parser,
    maps,
    embedder,
    model,
    runs: state.runs,
    annotations: state.annotations,
    workbooks: state.workbooks,
    testLooks: state.testLooks,
    reads,
    clock,
    engine,
    ...scorerDoors,
    writeParquet: writeKernelParquet
  });
  const uploads = await openUploads(`${config.dataFolder}/uploads`, clock);
  const intake = openIntake(config);
  const kernels = new ScopeKernels(lake);
  const traces = new TraceBrowser({ lake, annotations: state.annotations, people: state.people }, kernels);
  const projections = openProjections(`${config.dataFolder}/maps`);
  const mapKeeper = new MapKeeper({
    lake,
    maps,
    embedder,
    model,
    keptMaps: state.keptMaps,
    projections,
    clock,
    borrow: (...ask) => desk.borrow(...ask)
  });
  const scoring = { parser, compiler, sandbox, model, limits: defaultLimits };
  const listUnits = async () => state.units.standing(await lake.listBusinessUnits());
  const rightsNow = (userId: string, right: Right) => scopeOfUser({ ...state, clock, listUnits }, userId, right);
  const scope = async (): Promise<Scope> =>
    scopeOf(localOwner({ kind: "system", method: "cli", requestId: clock.newId() }), null, await listUnits());
  return {
    config,
    clock,
    lake,
    parser,
    compiler,
    sandbox,
    maps,
    workbooks: state.workbooks,
    shares: state.shares,
    runs: state.runs,
    publications: state.publications,
    comments: state.comments,
    annotations: state.annotations,
    alerts: state.alerts,
    ...{ audit: sealed.audit, erasures: sealed.erasures },
    reads,
    jobs,
    schedules: state.schedules,
    ingestKeys: state.ingestKeys,
    savedViews: state.savedViews,
    masks: state.masks,
    keptMaps: state.keptMaps,
    datasets: state.datasets,
    queues: state.queues,
    model,
    reviews: state.reviews,
    adjudications: state.adjudications,
    goldItems: state.goldItems,
    queueFillings: state.queueFillings,
    queueStatistics: new QueueStatistics({ ...state, elapsedMs: () => performance.now() }),
    intake,
    sources: localFiles,
    uploads,
    desk,
    bench: new ScorerBench(
      { compiler, sandbox, model, parser, clock, borrow: (...ask) => desk.borrow(...ask) },
      kernels
    ),
    promotions: new ScorerPromotions({ ...scoring, ...state, lake, kernels, clock }),
    traces,
    traceTail: new TraceTail({ lake, traces, pause: (ms) => setTimeout(ms) }),
    mapKeeper,
    mapReader: new MapReader(state.keptMaps, kernels),
    clusterReview: {
      ...{ lake, kernels, desk, people: state.people },
      ...{ keptMaps: state.keptMaps, clusterQuestions: state.clusterQuestions },
      isSent: config.alertUrl !== null
    },
    mapParts: new MapParts({ lake, maps, embedder, model, desk, keptMaps: state.keptMaps, projections }),
    mapTitler: new MapTitler({
      lake,
      keptMaps: state.keptMaps,
      clusterTitles: state.clusterTitles,
      model,
      report: (mapId, error) => console.error(`the titles of the map ${mapId} could not be looked after:`, error)
    }),
    mapColumns: new MapColumns(state, kernels),
    compareMap: new CompareMap(state.keptMaps, kernels),
    starters,
    engine,
    people: state.people,
    units: state.units,
    invitations: state.invitations,
    resetLinks: state.resetLinks,
    apiKeys: state.apiKeys,
    ...openSignInDoors(config, state, sealed.audit, clock),
    listUnits,
    scope,
    scopeOfUser: rightsNow,
    readContract,
    readPackageTypes,
    forecastCell: (...ask) =>
      forecastCell(
        { lake, maps, embedder, model, ...scorerDoors, borrow: (...tables) => desk.borrow(...tables) },
        ...ask
      ),
    scorerPages: { ...state, lake, kernels, parser, clock },
    forecastRule: (...ask) => forecastRule({ ...scoring, ...state, lake, elapsedMs: () => performance.now() }, ...ask),
    readChartRuntime: buildChartBundle,
    async exportTable(kernel, name, format) {
      const table = (await kernel.listTables()).find((candidate) => candidate.name === name);
      if (!table) throw new Fault("missing", `there is no table "${name}"`);
      return (await downloadTable(kernel, table, format, writeKernelParquet)).bytes;
    },
    keepAnswerKey: (key) => writeFile(`${config.dataFolder}/sample-key.json`, `${JSON.stringify(key)}\n`),
    startBackground: () =>
      startBackground({
        config,
        clock,
        lake,
        state,
        desk,
        jobs,
        kernels,
        mapKeeper,
        scoring,
        scope,
        engine,
        scopeOfUser: rightsNow
      }),
    async close() {
      await intake.close();
      await uploads.close();
      await desk.close();
      await traces.close();
      await jobs.close();
      await Promise.all([parser.close(), compiler.close(), sandbox.close(), maps.close(), embedder?.close()]);
      await lake.close();
      await sealed.close();
      await state.close();
    }
  };
}

async function openConfiguredModel(config: Config, state: Pick<State, "modelAnswers">): Promise<Model | null> {
  if (config.model === null) return null;
  const { openaiBaseUrl: baseUrl, openaiApiKey: apiKey, model: modelId, modelPrice: price } = config;
  // The library is read only where there is something to ask.
  const { openModel } = await import("./model/model.ts");
  return openModel({ baseUrl, apiKey, modelId, price }, state.modelAnswers);
}

async function readVersion(root: string): Promise<string> {
  const { version } = JSON.parse(await readFile(`${root}/package.json`, "utf8")) as { readonly version: string };
  return `tracebook ${version}, node ${process.versions.node}`;
}

async function readStarters(root: string): Promise<readonly Starter[]> {
  const names = (await readdir(`${root}/workbooks`)).filter((name) => name.endsWith(".md")).sort();
  return Promise.all(
    names.map(async (name) => ({ slug: name.slice(0, -3), text: await readFile(`${root}/workbooks/${name}`, "utf8") }))
  );
}

/** Text of a scorer in `scorers/`. The name is a bare word, so it cannot leave the folder. */
async function findScorer(root: string, name: string): Promise<string | undefined> {
  if (!/^[a-z0-9][a-z0-9_-]*$/.test(name)) return undefined;
  return readFile(`${root}/scorers/${name.replaceAll("_", "-")}.ts`, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}
