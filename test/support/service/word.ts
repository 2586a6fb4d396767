const GLYPHS: Readonly<Record<string, readonly string[]>> = {
  S: [" ####", "#    ", "#    ", " ### ", "    #", "    #", "#### "],
  I: ["#####", "  #  ", "  #  ", "  #  ", "  #  ", "  #  ", "#####"],
  M: ["#   #", "## ##", "# # #", "# # #", "#   #", "#   #", "#   #"],
  U: ["#   #", "#   #", "#   #", "#   #", "#   #", "#   #", " ### "],
  L: ["#    ", "#    ", "#    ", "#    ", "#    ", "#    ", "#####"],
  A: [" ### ", "#   #", "#   #", "#####", "#   #", "#   #", "#   #"],
  T: ["#####", "  #  ", "  #  ", "  #  ", "  #  ", "  #  ", "  #  "],
  E: ["#####", "#    ", "#    ", "#### ", "#    ", "#    ", "#####"],
  D: ["#### ", "#   #", "#   #", "#   #", "#   #", "#   #", "#### "],
};

const WORD = "SIMULATED";
const COLUMNS = WORD.length * 6 - 1;
const ROWS = 7;
/** Frames at either end that never show the word, and frames it takes to fade in or out. */
const CLEAR = 8;
const FADE = 8;

/** How strongly frame `index` of `frames` shows the word: 0 (not at all, the first and last 8 frames) to 1. */
export function wordOpacity(index: number, frames: number): number {
  const fromEdge = Math.min(index, frames - 1 - index);
  return Math.min(1, Math.max(0, (fromEdge - CLEAR + 1) / FADE));
}

function isInk(column: number, row: number): boolean {
  const letter = WORD[Math.floor(column / 6)] ?? "";
  return GLYPHS[letter]?.[row]?.[column % 6] === "#";
}

/**
 * Burns "SIMULATED" (white on a dark band, centered) into one yuv420p picture, in place. Nothing that this service makes
 * may look like a real render.
 * @param opacity 0..1
 */
export function burnWord(picture: Buffer, width: number, height: number, opacity: number): void {
  if (opacity <= 0) return;
  const cell = Math.max(2, Math.floor((width * 0.86) / COLUMNS / 2) * 2);
  const left = Math.floor((width - COLUMNS * cell) / 4) * 2;
  const top = Math.floor((height - ROWS * cell) / 4) * 2;
  const bandTop = top - cell;
  const bandBottom = top + (ROWS + 1) * cell;
  const mix = (offset: number, target: number) => {
    const before = picture[offset] ?? 0;
    picture[offset] = Math.round(before + (target - before) * opacity);
  };
  for (let y = bandTop; y < bandBottom; y++) {
    const row = Math.floor((y - top) / cell);
    for (let x = 0; x < width; x++) {
      const column = Math.floor((x - left) / cell);
      const ink = row >= 0 && row < ROWS && column >= 0 && column < COLUMNS && isInk(column, row);
      mix(y * width + x, ink ? 235 : 32);
    }
  }
  const chroma = width * height;
  const plane = chroma / 4;
  for (let y = bandTop / 2; y < bandBottom / 2; y++) {
    for (let x = 0; x < width / 2; x++) {
      const offset = chroma + (y * width) / 2 + x;
      mix(offset, 128);
      mix(offset + plane, 128);
    }
  }
}
