// The tables of the journal and how they came about. A released entry never changes, so states stand in it as they were called
// then.

/**
 * The charges, filled from the jobs of an older journal. They are apart from the jobs, so that removing a job from the list
 * does not change what a month has cost. A row is a request that ended, or one whose answer was lost (`lost-…`).
 */
const createCharges = `CREATE TABLE charges (
     id TEXT PRIMARY KEY,
     job TEXT NOT NULL,
     at INTEGER NOT NULL,
     usd REAL,
     estimate REAL,
     asked INTEGER NOT NULL DEFAULT 0
   ) STRICT;
   CREATE INDEX charges_by_time ON charges (at);
   CREATE INDEX charges_untold ON charges (at) WHERE usd IS NULL;
   INSERT OR IGNORE INTO charges (id, job, at, usd)
     SELECT request, id, at, cost FROM (
       SELECT id, coalesce(submitted_at, created_at) AS at,
         CASE WHEN json_valid(progress) THEN json_extract(progress, '$.requestId') END AS request,
         CASE WHEN json_valid(progress) THEN json_extract(progress, '$.cost') END AS cost
       FROM jobs WHERE state IN ('saved','failed','cancelled')
     ) WHERE request IS NOT NULL;`;

/** With these columns, we can ask for a cost after its job was removed from the list. */
const rememberService = `ALTER TABLE charges ADD COLUMN service TEXT;
   ALTER TABLE charges ADD COLUMN sent_with TEXT;
   ALTER TABLE charges ADD COLUMN recipe TEXT;
   UPDATE charges SET
     service = (SELECT CASE WHEN json_valid("order") THEN json_extract("order", '$.service') END FROM jobs WHERE jobs.id = charges.job),
     sent_with = (SELECT sent_with FROM jobs WHERE jobs.id = charges.job),
     recipe = (SELECT CASE WHEN json_valid(progress) THEN json_extract(progress, '$.recipe') END FROM jobs WHERE jobs.id = charges.job)
   WHERE usd IS NULL;`;

/** With these columns, all windows together ask for few costs at a time, and for none while a service wants a pause. */
const paceAsking = `ALTER TABLE charges ADD COLUMN asking_until INTEGER;
   ALTER TABLE charges ADD COLUMN not_before INTEGER;
   CREATE INDEX charges_asking ON charges (asking_until);
   CREATE INDEX charges_pauses ON charges (not_before);`;

const uploadTable = `CREATE TABLE uploads (
     id TEXT PRIMARY KEY,
     job TEXT NOT NULL,
     side TEXT NOT NULL,
     created_at INTEGER NOT NULL,
     state TEXT NOT NULL,
     facts TEXT NOT NULL,
     due_at INTEGER NOT NULL,
     owner TEXT,
     owned_until INTEGER
   ) STRICT;
   CREATE INDEX uploads_by_job ON uploads (job);`;

/** The earliest time to delete an upload, ms. 0 means at once, -1 that the next sweep sets the time. */
const keepUploads = "ALTER TABLE uploads ADD COLUMN keep_until INTEGER NOT NULL DEFAULT 0;";

/**
 * The trail: the last commits of the journal, each with a number and a unique mark. By it a window tells the file that it
 * knew, some commits later, from older content that somebody has put in its place.
 */
const createTrail = `CREATE TABLE trail (n INTEGER PRIMARY KEY, mark INTEGER NOT NULL) STRICT;
   INSERT INTO trail (mark) VALUES (random() & ${2 ** 47 - 1});`;

/** How often a row was changed: of two copies of it, the one that was decided on later. */
const countChanges = "ALTER TABLE jobs ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;";

/** Forward only: entry N brings a journal from version N to N + 1. Never change an entry that was released. */
export const migrations = [
  `CREATE TABLE jobs (
     id TEXT PRIMARY KEY,
     created_at INTEGER NOT NULL,
     submitted_at INTEGER,
     running_at INTEGER,
     ran_until INTEGER,
     ended_at INTEGER,
     cancel TEXT,
     notified INTEGER NOT NULL DEFAULT 0,
     state TEXT NOT NULL,
     progress TEXT NOT NULL,
     "order" TEXT NOT NULL,
     owner TEXT,
     owned_until INTEGER
   ) STRICT;
   CREATE INDEX jobs_by_state ON jobs (state);`,
  `ALTER TABLE jobs ADD COLUMN sent_with TEXT;
   ${createCharges}`,
  uploadTable,
  // Jobs have values from here on that the previous version would take for damaged rows.
  `ALTER TABLE jobs ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE jobs ADD COLUMN expired_at INTEGER;
   ${rememberService}
   ${keepUploads}`,
  createTrail,
  paceAsking,
  countChanges,
];
