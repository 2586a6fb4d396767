import type { Row } from "../row.ts";
import { cancelRows } from "./cancel.ts";
import { downloadRows } from "./download.ts";
import { readRows } from "./reads.ts";
import { savingRows } from "./saving.ts";
import { submitRows } from "./submit.ts";
import { surroundingRows } from "./surroundings.ts";
import { uploadRows } from "./uploads.ts";

/** All fault cases, in parts that take about as long as each other. Each part has a test file of its name. */
export const table = {
  submitting: [...submitRows, ...cancelRows],
  following: readRows,
  saving: [...downloadRows, ...savingRows],
  surroundings: [...surroundingRows, ...uploadRows],
} satisfies Readonly<Record<string, readonly Row[]>>;
