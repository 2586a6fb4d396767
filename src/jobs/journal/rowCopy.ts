import type { DatabaseSync } from "node:sqlite";
import * as z from "zod";
import { parseJson } from "../../shared/json.ts";
import type { SqlRow } from "./sql.ts";

// Copies rows from one journal into another, whatever columns each has.

export const journalTables = ["jobs", "charges", "uploads"] as const;
type JournalTable = (typeof journalTables)[number];
/** The most rows that we look for one by one in the gap that a damaged page leaves. */
const mostProbes = 20_000;
/** The most rows that we read: a damaged page can lead back to an earlier one. */
const mostRows = 500_000;

const columnsSchema = z.array(z.object({ name: z.string() }));
const numberedSchema = z.looseObject({ row_number: z.number() });

/** The readable rows of a table, even in a journal with damaged pages; none if there is no such table. */
export function readableRows(db: DatabaseSync, table: JournalTable): SqlRow[] {
  const rows = new Map<number, SqlRow>();
  // The last rows of the first and the second pass. The missing rows lie in between.
  let [low, high] = [0, Number.POSITIVE_INFINITY];
  const pass = (direction: "ASC" | "DESC"): boolean => {
    try {
      let seen = 0;
      const sql = `SELECT rowid AS row_number, * FROM ${table} NOT INDEXED ORDER BY rowid ${direction}`;
      for (const row of db.prepare(sql).iterate()) {
        seen += 1;
        if (seen > mostRows) {
          return false;
        }
        const number = numberedSchema.parse(row).row_number;
        rows.set(number, row);
        if (direction === "ASC") {
          low = number;
        } else {
          high = number;
        }
      }
      return true;
    } catch {
      return false;
    }
  };
  if (!pass("ASC")) {
    pass("DESC");
    for (let number = low + 1; number < Math.min(high, low + mostProbes); number += 1) {
      try {
        const row = db.prepare(`SELECT * FROM ${table} WHERE rowid = ?`).get(number);
        if (row !== undefined) {
          rows.set(number, row);
        }
      } catch {
        // On a damaged page.
      }
    }
  }
  return [...rows.values()];
}

/** True if all JSON columns hold JSON. Bytes of another file would show there first. */
export function isWhole(row: SqlRow): boolean {
  return ["progress", "order", "facts"].every((name) => {
    const text = row[name];
    return text === undefined || (typeof text === "string" && z.looseObject({}).safeParse(parseJson(text)).success);
  });
}

/** Adds the columns of a row that the table has, unless the row does not fit or its id exists. */
export function insertRow(db: DatabaseSync, table: JournalTable, row: SqlRow): void {
  const known = columnsSchema.parse(db.prepare(`PRAGMA table_info(${table})`).all()).map(({ name }) => name);
  const names = known.filter((name) => row[name] !== undefined && row[name] !== null);
  const columns = names.map((name) => `"${name}"`).join(",");
  try {
    db.prepare(`INSERT OR IGNORE INTO ${table} (${columns}) VALUES (${names.map(() => "?").join(",")})`).run(
      ...names.map((name) => row[name] ?? null),
    );
  } catch {
    // A row that the table rejects is not ours.
  }
}
