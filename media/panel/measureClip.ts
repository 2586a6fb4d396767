import type { Size } from "../../src/model/parameters.ts";
import type { EndMeasure, Measures } from "../../src/ui/panel/reviewProtocol.ts";
import type { Clip } from "./frames.ts";
import { compare, comparedPart, lumaOf, searchedFrames } from "./measure.ts";

/** The images that a video was made from, as they were sent; undefined where no copy is kept. */
export interface Inputs {
  readonly start: ImageBitmap | undefined;
  readonly end: ImageBitmap | undefined;
}

/**
 * Measures the first frame against the start image and the last ones against the end image, one picture in each idle
 * moment of the page.
 * @throws Error when a frame cannot be decoded.
 */
export async function measureClip(clip: Clip, inputs: Inputs): Promise<Measures> {
  const { size, count } = clip;
  const context = new OffscreenCanvas(size.width, size.height).getContext("2d", { willReadFrequently: true });
  if (context === null) {
    throw new Error("no canvas");
  }
  const read = () => lumaOf(context.getImageData(0, 0, size.width, size.height).data);
  const image = async (bitmap: ImageBitmap | undefined) => {
    const part = bitmap && comparedPart(bitmap, size);
    if (bitmap === undefined || part === undefined) {
      return undefined;
    }
    await idle();
    context.drawImage(bitmap, -part.x, -part.y);
    return read();
  };
  const [start, end] = [await image(inputs.start), await image(inputs.end)];
  const last = Array.from({ length: Math.min(searchedFrames, count) }, (_, at) => count - 1 - at).reverse();
  const wanted = [...(start === undefined ? [] : [0]), ...(end === undefined ? [] : last)];
  const frames = await Promise.all(wanted.map((index) => clip.frame(index)));
  const measured: EndMeasure[] = [];
  for (const [at, frame] of frames.entries()) {
    await idle();
    frame.draw(context);
    frame.close();
    const against = start !== undefined && at === 0 ? start : end;
    measured.push(compare(against ?? new Uint8Array(), read(), size));
  }
  const [first] = start === undefined ? [] : measured.splice(0, 1);
  return {
    ...dimensions(size),
    frames: count,
    ...(first === undefined ? {} : { start: first }),
    ...(measured.length === 0 ? {} : { end: measured }),
  };
}

function dimensions({ width, height }: Size): Size {
  return { width, height };
}

/** The page's next idle moment; at the latest in a second. */
function idle(): Promise<void> {
  return new Promise((done) => {
    requestIdleCallback(() => done(), { timeout: 1000 });
  });
}
