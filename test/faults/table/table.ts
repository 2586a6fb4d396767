import type { Row } from "../row.ts";
import { cancelRows } from "./cancel.ts";
import { downloadRows } from "./download.ts";
import { readRows } from "./reads.ts";
import { savingRows } from "./saving.ts";
import { submitRows } from "./submit.ts";
import { surroundingRows } from "./surroundings.ts";
import { uploadRows } from "./uploads.ts";

/** All fault cases. */
export const table: readonly Row[] = [
  ...submitRows,
  ...readRows,
  ...cancelRows,
  ...downloadRows,
  ...savingRows,
  ...surroundingRows,
  ...uploadRows,
];
