import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import * as z from "zod";

const rowSchema = z.object({
  id: z.string(),
  state: z.string(),
  cancel: z.string().nullable(),
  ended_at: z.number().nullable(),
  /** Taken out of the list; the row goes once all is cleared up. */
  removed: z.number().default(0),
  progress: z.string(),
  order: z.string(),
});
export type Row = z.infer<typeof rowSchema>;

/** Reads the journal's rows as they are, beside the product. */
export function readRows(file: string): Row[] {
  return withJournal(file, (db) => rowsOf(db)) ?? [];
}

function rowsOf(db: DatabaseSync): Row[] {
  return z.array(rowSchema).parse(db.prepare("SELECT * FROM jobs ORDER BY id").all());
}

/** Does something with the journal beside the product; undefined where there is none (yet). */
export function withJournal<T>(file: string, use: (db: DatabaseSync) => T): T | undefined {
  if (!existsSync(file)) {
    return undefined;
  }
  const db = new DatabaseSync(file);
  try {
    const tables = db.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'uploads'").get();
    return tables?.n === 1 ? use(db) : undefined;
  } finally {
    db.close();
  }
}

const factsSchema = z.looseObject({
  requestId: z.string().optional(),
  problem: z.looseObject({ code: z.string() }).optional(),
});

/** What a row's progress says. */
export function factsOf(row: Row): z.infer<typeof factsSchema> {
  return factsSchema.safeParse(JSON.parse(row.progress)).data ?? {};
}

/** The prompt of a row, which tells whose job it is. */
export function promptOf(row: Row): string {
  return z.looseObject({ prompt: z.string() }).safeParse(JSON.parse(row.order)).data?.prompt ?? "";
}

/** True where a row says that a POST of its job may be paid and nobody knows. */
export function saysMayBePaid(row: Row): boolean {
  const { requestId, problem } = factsOf(row);
  return (
    row.state === "unclear" || (row.state === "failed" && requestId === undefined && problem?.code === "submitUnclear")
  );
}
