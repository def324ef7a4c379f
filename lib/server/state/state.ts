import { mkdir } from "node:fs/promises";
import { Kysely, PostgresDialect, sql } from "kysely";
import { Migrator } from "kysely/migration";
import pg from "pg";
import { Fault } from "#lib/model/fault.ts";
import type { Adjudications } from "#lib/ports/adjudications.ts";
import type { Alerts } from "#lib/ports/alerts.ts";
import type { Annotations } from "#lib/ports/annotations.ts";
import type { ApiKeys } from "#lib/ports/api-keys.ts";
import type { Catalog } from "#lib/ports/catalog.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { ClusterQuestions } from "#lib/ports/cluster-questions.ts";
import type { ClusterTitles } from "#lib/ports/cluster-titles.ts";
import type { Comments } from "#lib/ports/comments.ts";
import type { Datasets } from "#lib/ports/datasets.ts";
import type { GoldItems } from "#lib/ports/gold-items.ts";
import type { IngestKeys } from "#lib/ports/ingest-keys.ts";
import type { Invitations, ResetLinks } from "#lib/ports/invitations.ts";
import type { KeptMaps } from "#lib/ports/kept-maps.ts";
import type { LogMessages } from "#lib/ports/log-messages.ts";
import type { Masks } from "#lib/ports/masks.ts";
import type { ModelAnswers } from "#lib/ports/model-answers.ts";
import type { People, Units } from "#lib/ports/people.ts";
import type { PromotedScorers } from "#lib/ports/promoted-scorers.ts";
import type { Publications } from "#lib/ports/publications.ts";
import type { QueueFillings } from "#lib/ports/queue-fillings.ts";
import type { Queues } from "#lib/ports/queues.ts";
import type { Reviews } from "#lib/ports/reviews.ts";
import type { Runs } from "#lib/ports/runs.ts";
import type { SavedViews } from "#lib/ports/saved-views.ts";
import type { Schedules } from "#lib/ports/schedules.ts";
import type { ScoringRules } from "#lib/ports/scoring-rules.ts";
import type { Shares } from "#lib/ports/shares.ts";
import type { SignInAttempts } from "#lib/ports/sign-in-attempts.ts";
import type { TestLooks } from "#lib/ports/test-looks.ts";
import type { Votes } from "#lib/ports/votes.ts";
import type { Workbooks } from "#lib/ports/workbooks.ts";
import { openAdjudications } from "./adjudications.ts";
import { openAlerts } from "./alerts.ts";
import { openAnnotations } from "./annotations.ts";
import { openApiKeys } from "./api-keys.ts";
import { openCatalog } from "./catalog.ts";
import { openClusterQuestions } from "./cluster-questions.ts";
import { openClusterTitles } from "./cluster-titles.ts";
import { openComments } from "./comments.ts";
import { openDatasets } from "./datasets.ts";
import { openGoldItems } from "./gold-items.ts";
import { openIngestKeys } from "./ingest-keys.ts";
import { openInvitations } from "./invitations.ts";
import { openKeptMaps } from "./kept-maps.ts";
import { openLogMessages } from "./log-messages.ts";
import { openMasks } from "./masks.ts";
import { migrations } from "./migrations.ts";
import { openModelAnswers } from "./model-answers.ts";
import { openPeople } from "./people.ts";
import { openPromotedScorers } from "./promoted-scorers.ts";
import { openPublications } from "./publications.ts";
import { openQueueFillings } from "./queue-fillings.ts";
import { openQueues } from "./queues.ts";
import { openResetLinks } from "./reset-links.ts";
import { openReviews } from "./reviews.ts";
import { openRuns } from "./runs.ts";
import { openSavedViews } from "./saved-views.ts";
import { openSchedules } from "./schedules.ts";
import type { StateTables } from "./schema.ts";
import { openScoringRules } from "./scoring-rules.ts";
import { openShares } from "./shares.ts";
import { openSignInAttempts } from "./sign-in-attempts.ts";
import { openSqliteDialect } from "./sqlite.ts";
import { openTestLooks } from "./test-looks.ts";
import { openUnits } from "./units.ts";
import { openVotes } from "./votes.ts";
import { openWorkbooks } from "./workbooks.ts";

/** Any number that no other program of the same PostgreSQL locks. */
const migrationLock = 7_233_641_905;

/** All that is not in the lake, behind its doors. */
export interface State {
  readonly catalog: Catalog;
  readonly workbooks: Workbooks;
  readonly shares: Shares;
  readonly runs: Runs;
  readonly publications: Publications;
  readonly comments: Comments;
  readonly annotations: Annotations;
  readonly schedules: Schedules;
  readonly ingestKeys: IngestKeys;
  readonly logMessages: LogMessages;
  readonly masks: Masks;
  readonly savedViews: SavedViews;
  readonly keptMaps: KeptMaps;
  readonly datasets: Datasets;
  readonly queues: Queues;
  readonly reviews: Reviews;
  readonly adjudications: Adjudications;
  readonly votes: Votes;
  readonly queueFillings: QueueFillings;
  readonly goldItems: GoldItems;
  readonly clusterQuestions: ClusterQuestions;
  readonly clusterTitles: ClusterTitles;
  readonly modelAnswers: ModelAnswers;
  readonly alerts: Alerts;
  readonly testLooks: TestLooks;
  readonly promotedScorers: PromotedScorers;
  readonly scoringRules: ScoringRules;
  readonly people: People;
  readonly units: Units;
  readonly invitations: Invitations;
  readonly resetLinks: ResetLinks;
  readonly apiKeys: ApiKeys;
  readonly signInAttempts: SignInAttempts;
  /** For the jobs, which keep their leases in the same database. */
  readonly db: Kysely<StateTables>;
  close(): Promise<void>;
}

/**
 * Opens the state and brings its schema up to date; safe when several processes open at once.
 *
 * @throws Fault `broken` when the database cannot be reached; never with the address, which holds a password
 */
export async function openState(
  config: { readonly dataFolder: string; readonly databaseUrl: string | null },
  clock: Clock
): Promise<State> {
  let db: Kysely<StateTables> | undefined;
  try {
    db = new Kysely<StateTables>({ dialect: await openDialect(config) });
    // Kysely's own migration lock does nothing on SQLite: one transaction around it all lets the first
    // process in and has the others find the work done.
    await db.transaction().execute(async (transaction) => {
      if (config.databaseUrl) await sql`select pg_advisory_xact_lock(${migrationLock})`.execute(transaction);
      const provider = { getMigrations: async () => ({ ...migrations }) };
      const { error } = await new Migrator({
        db: transaction,
        provider,
        allowUnorderedMigrations: true
      }).migrateToLatest();
      if (error) throw error;
    });
  } catch (error) {
    await db?.destroy();
    throw new Fault("broken", "the state database could not be opened", {
      hint: config.databaseUrl
        ? "Check that DATABASE_URL names a PostgreSQL that runs and lets this user in."
        : `Check that ${config.dataFolder} can be written.`,
      detail: error instanceof Error ? error.message : String(error),
      cause: error
    });
  }
  const runs = openRuns(db, clock);
  return {
    catalog: openCatalog(db, clock),
    workbooks: openWorkbooks(db, clock),
    shares: openShares(db, clock),
    runs,
    publications: openPublications(db, runs, clock),
    comments: openComments(db, clock),
    annotations: openAnnotations(db, clock),
    schedules: openSchedules(db, clock),
    ingestKeys: openIngestKeys(db, clock),
    logMessages: openLogMessages(db, clock),
    masks: openMasks(db, clock),
    savedViews: openSavedViews(db, clock),
    keptMaps: openKeptMaps(db, clock),
    datasets: openDatasets(db, clock),
    queues: openQueues(db, clock),
    reviews: openReviews(db, clock),
    adjudications: openAdjudications(db, clock),
    votes: openVotes(db),
    queueFillings: openQueueFillings(db, clock),
    goldItems: openGoldItems(db, clock),
    clusterQuestions: openClusterQuestions(db, clock),
    clusterTitles: openClusterTitles(db, clock),
    modelAnswers: openModelAnswers(db, clock),
    alerts: openAlerts(db, clock),
    testLooks: openTestLooks(db, clock),
    promotedScorers: openPromotedScorers(db, clock),
    scoringRules: openScoringRules(db, clock),
    people: openPeople(db, clock),
    units: openUnits(db, clock),
    invitations: openInvitations(db, clock),
    resetLinks: openResetLinks(db, clock),
    apiKeys: openApiKeys(db, clock),
    signInAttempts: openSignInAttempts(db, clock),
    db,
    close: () => db.destroy()
  };
}

async function openDialect({
  dataFolder,
  databaseUrl
}: {
  readonly dataFolder: string;
  readonly databaseUrl: string | null;
}) {
  if (databaseUrl) {
    const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
    // An idle connection that breaks, as in a restart of the database, has left the pool by now and the next
    // question opens another; without a listener it would end the process.
    pool.on("error", () => undefined);
    return new PostgresDialect({ pool });
  }
  await mkdir(dataFolder, { recursive: true });
  return openSqliteDialect(`${dataFolder}/state.sqlite`);
}
