import type { DatabaseSync } from "node:sqlite";
import * as z from "zod";
import { parseJson } from "../../shared/json.ts";
import type { SqlRow } from "./sql.ts";

// Rows from one journal into another, whatever columns each has.

export const journalTables = ["jobs", "charges", "uploads"] as const;
type JournalTable = (typeof journalTables)[number];
/** Rows are looked for one by one between those that a spoilt page cuts off, so many at most. */
const mostProbes = 20_000;
/** A spoilt page can lead back to one before it: no more rows than this are gone through. */
const mostRows = 500_000;

const columnsSchema = z.array(z.object({ name: z.string() }));
const numberedSchema = z.looseObject({ row_number: z.number() });

/** The rows of a table that can be read, also of a journal with spoilt pages; none of a table that is not there. */
export function readableRows(db: DatabaseSync, table: JournalTable): SqlRow[] {
  const rows = new Map<number, SqlRow>();
  // The last row of the first pass, and that of the second: what is missing lies in between.
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
        // On a spoilt page.
      }
    }
  }
  return [...rows.values()];
}

/** True when what should be JSON is some: bytes of another file would show there first. */
export function isWhole(row: SqlRow): boolean {
  return ["progress", "order", "facts"].every((name) => {
    const text = row[name];
    return text === undefined || (typeof text === "string" && z.looseObject({}).safeParse(parseJson(text)).success);
  });
}

/** Adds a row as far as the table has its columns, unless one with its id is there or it does not fit. */
export function insertRow(db: DatabaseSync, table: JournalTable, row: SqlRow): void {
  const known = columnsSchema.parse(db.prepare(`PRAGMA table_info(${table})`).all()).map(({ name }) => name);
  const names = known.filter((name) => row[name] !== undefined && row[name] !== null);
  const columns = names.map((name) => `"${name}"`).join(",");
  try {
    db.prepare(`INSERT OR IGNORE INTO ${table} (${columns}) VALUES (${names.map(() => "?").join(",")})`).run(
      ...names.map((name) => row[name] ?? null),
    );
  } catch {
    // A value that the table does not take is no row of ours.
  }
}
