import assert from "node:assert/strict";
import { test } from "node:test";
import { gridGap, takesGrid } from "../../../src/page/player/takesGrid.ts";

test("two to twelve takes never need more width than there is", () => {
  for (const width of [270, 740, 1250]) {
    for (const ratio of [16 / 9, 3 / 2, 1, 9 / 16]) {
      for (let count = 2; count <= 12; count++) {
        const grid = takesGrid(count, { width, height: 620 }, ratio);
        assert.ok(grid.columns * grid.width + (grid.columns - 1) * gridGap <= width);
        assert.ok(grid.columns <= count && grid.width >= 100);
      }
    }
  }
});

test("pictures are as large as they can be while all are in view", () => {
  const columns = (count: number, width: number, height: number) => takesGrid(count, { width, height }, 1.5).columns;
  assert.deepEqual(
    [columns(2, 270, 600), columns(2, 740, 600), columns(3, 1250, 600), columns(12, 1250, 600), columns(12, 740, 620)],
    [1, 2, 3, 4, 4],
  );
});

test("where pictures would get too small to compare, the rows go on below", () => {
  assert.deepEqual(takesGrid(12, { width: 270, height: 620 }, 1.5), { columns: 2, width: 131 });
  assert.deepEqual(takesGrid(4, { width: 100, height: 300 }, 1.5), { columns: 1, width: 100 });
});
