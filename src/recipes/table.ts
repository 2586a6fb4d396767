import { CsvError, parse } from "csv-parse/sync";
import { imageSourceSchema, promptOf } from "../shared/model/draft.ts";
import { isSettable, type Parameters, type SettableName, settableNames } from "../shared/model/parameters.ts";
import { cleanText } from "../shared/model/text.ts";
import { nearest } from "./near.ts";
import { type PathFault, pathFault } from "./paths.ts";
import { hasSecret } from "./secrets.ts";
import { meantParameter, type ValueFault, valueFault } from "./values.ts";

/** The most characters of a table and the most of its rows that are read. */
export const longestTable = 4 * 1024 * 1024;
export const mostRows = 2000;
/** The most problems that are told of one table. */
const mostProblems = 100;

/** What is wrong with a table, as data. */
export type TableFault =
  | { readonly code: "tableTooLarge"; readonly characters: number; readonly rows: number }
  | { readonly code: "tableEmpty" }
  /** `reason` is the code that `csv-parse` has for it. */
  | { readonly code: "tableInvalid"; readonly reason: string }
  | { readonly code: "columnMissing"; readonly column: Column }
  | { readonly code: "columnDuplicate"; readonly column: Column }
  /** A warning: the column is not used. */
  | { readonly code: "columnUnknown"; readonly column: string; readonly meant?: Column | undefined }
  | { readonly code: "cellEmpty"; readonly column: Column }
  | { readonly code: "cellInvalid"; readonly column: SettableName; readonly value: string; readonly fault: ValueFault }
  | {
      readonly code: "pathWrong";
      readonly column: "start" | "end";
      readonly fault: PathFault | "addressInvalid" | "secretInside";
    };

/** A problem at its line, from 1 on. A row with an error makes no recipe. */
export type TableProblem = TableFault & { readonly severity: "error" | "warning"; readonly line: number };

const fixedColumns = ["start", "end", "prompt"] as const;
type Column = (typeof fixedColumns)[number] | SettableName;
const columns: readonly Column[] = [...fixedColumns, ...settableNames];

/** A row of a table. An empty cell sets nothing. */
export interface TableRow {
  readonly line: number;
  /** As written: a path seen from the table's folder, or an https URL. */
  readonly start: string;
  readonly end: string;
  readonly prompt?: string | undefined;
  readonly parameters: Parameters;
}

export interface Table {
  readonly rows: readonly TableRow[];
  /** At most {@link mostProblems}. */
  readonly problems: readonly TableProblem[];
}

/**
 * Reads a table of recipes: a first row with the names of columns, `start`, `end`, and perhaps `prompt` and parameters, by comma,
 * semicolon or tab. Every row without an error is given, also where others have some.
 * @param folder the table's own as seen from its workspace folder, with `/`; without one, nothing is said of paths that lead out
 */
export function parseTable(text: string, folder?: string): Table {
  const one = (fault: TableFault, line = 1): Table => ({ rows: [], problems: [{ ...fault, severity: "error", line }] });
  if (text.length > longestTable) {
    return one({ code: "tableTooLarge", characters: longestTable, rows: mostRows });
  }
  let lines: Line[];
  try {
    lines = readLines(text);
  } catch (error) {
    if (error instanceof CsvError) {
      return one({ code: "tableInvalid", reason: error.code }, typeof error.lines === "number" ? error.lines : 1);
    }
    throw error;
  }
  const [head, ...body] = lines;
  if (head === undefined || body.length === 0) {
    return one({ code: "tableEmpty" });
  }
  if (body.length > mostRows) {
    return one({ code: "tableTooLarge", characters: longestTable, rows: mostRows });
  }
  const header = readHeader(head);
  const read = header.problems.some(({ severity }) => severity === "error")
    ? []
    : body.map((line) => readRow(line, header.columns, folder));
  return {
    rows: read.flatMap(({ row }) => (row === undefined ? [] : [row])),
    problems: [...header.problems, ...read.flatMap(({ problems }) => problems)].slice(0, mostProblems),
  };
}

interface Line {
  readonly cells: readonly string[];
  readonly line: number;
}

function readLines(text: string): Line[] {
  const [first = ""] = text.split(/[\r\n]/, 1);
  const counted = [",", ";", "\t"].map((delimiter) => ({ delimiter, count: first.split(delimiter).length }));
  const { delimiter } = counted.reduce((best, each) => (each.count > best.count ? each : best));
  const lines: Line[] = [];
  // The library counts a CRLF in a cell as two lines.
  parse(text.replace(/\r\n?/g, "\n"), {
    bom: true,
    delimiter,
    relax_column_count: true,
    skip_empty_lines: true,
    to: mostRows + 2,
    trim: true,
    onRecord: (cells: string[], { lines: last }) => {
      if (cells.some((cell) => cell !== "")) {
        // A cell can go over several lines: the row is where it begins.
        const inner = cells.join("").split("\n").length - 1;
        lines.push({ cells, line: last - inner });
      }
      return null;
    },
  });
  return lines;
}

function readHeader({ cells, line }: Line): { columns: (Column | undefined)[]; problems: TableProblem[] } {
  const problems: TableProblem[] = [];
  const add = (fault: TableFault, severity: TableProblem["severity"]) => problems.push({ ...fault, severity, line });
  const found = new Set<Column>();
  const named = cells.map((cell) => {
    const plain = cell.toLowerCase();
    const column = columns.find((each) => each === plain);
    if (column === undefined && cell !== "") {
      const meant = nearest(cell, fixedColumns) ?? meantParameter(cell);
      add({ code: "columnUnknown", column: cell.slice(0, 60), meant }, "warning");
    } else if (column !== undefined && found.has(column)) {
      add({ code: "columnDuplicate", column }, "error");
    } else if (column !== undefined) {
      found.add(column);
    }
    return column;
  });
  for (const column of ["start", "end"] as const) {
    if (!found.has(column)) {
      add({ code: "columnMissing", column }, "error");
    }
  }
  return { columns: named, problems };
}

function readRow(
  { cells, line }: Line,
  named: readonly (Column | undefined)[],
  folder: string | undefined,
): { row?: TableRow; problems: TableProblem[] } {
  const problems: TableProblem[] = [];
  const add = (fault: TableFault) => problems.push({ ...fault, severity: "error", line });
  const values = new Map(named.flatMap((column, index) => (column ? [[column, cells[index] ?? ""] as const] : [])));
  const image = (side: "start" | "end"): string => {
    const text = values.get(side) ?? "";
    if (text === "") {
      add({ code: "cellEmpty", column: side });
      return text;
    }
    const isUrl = /^https?:\/\//i.test(text);
    const isWrong = isUrl && !imageSourceSchema.safeParse({ kind: "url", url: text }).success;
    const fault = hasSecret(text) ? "secretInside" : isUrl ? undefined : pathFault(text, folder);
    if (fault !== undefined || isWrong) {
      add({ code: "pathWrong", column: side, fault: fault ?? "addressInvalid" });
    }
    return text;
  };
  const [start, end] = [image("start"), image("end")];
  const parameters = Object.fromEntries(
    [...values].flatMap(([name, text]) => {
      if (!isSettable(name) || text === "") {
        return [];
      }
      const number = Number(text.replace(/^(-?\d+),(\d+)$/, "$1.$2"));
      const value = name === "resolution" || Number.isNaN(number) ? text : number;
      const fault = valueFault(name, value);
      if (fault !== undefined) {
        add({ code: "cellInvalid", column: name, value: text.slice(0, 60), fault });
      }
      return [[name, value]];
    }),
  );
  const prompt = promptOf(cleanText(values.get("prompt") ?? ""));
  return problems.length > 0
    ? { problems }
    : { row: { line, start, end, ...(prompt !== "" && { prompt }), parameters }, problems };
}
