import { blend, range, round } from "./paint.ts";

/** The extension's icon: a first and a last frame, and the motion between them. 256x256 pixels, as SVG. */
export function icon(): string {
  const first = { x: 26, y: 110 };
  const last = { x: 134, y: 26 };
  const width = 96;
  const height = 120;
  const between = range(4).map((i) => {
    const t = (i + 1) / 5;
    const x = first.x + (last.x - first.x) * t;
    const y = first.y + (last.y - first.y) * t;
    return `<rect x="${round(x)}" y="${round(y)}" width="${width}" height="${height}" rx="15" fill="${blend("#ff9f6b", "#5b7cff", t)}" opacity="${round(0.3 + t * 0.12)}"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256" viewBox="0 0 256 256">
<defs>
<linearGradient id="ground" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#232a4f"/><stop offset="1" stop-color="#0c1024"/></linearGradient>
<linearGradient id="dusk" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#7b5fa8"/><stop offset="0.5" stop-color="#ff8f70"/><stop offset="1" stop-color="#ffd58a"/></linearGradient>
<linearGradient id="night" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#1a2766"/><stop offset="0.6" stop-color="#3f63d8"/><stop offset="1" stop-color="#7fb2ff"/></linearGradient>
<clipPath id="first"><rect x="${first.x}" y="${first.y}" width="${width}" height="${height}" rx="15"/></clipPath>
<clipPath id="last"><rect x="${last.x}" y="${last.y}" width="${width}" height="${height}" rx="15"/></clipPath>
</defs>
<rect width="256" height="256" rx="52" fill="url(#ground)"/>
${between.join("")}
${scene("last", last, width, height, "night", { x: 62, y: 36, r: 14, fill: "#f3f6ff" }, "#182452", "#0d1536")}
${scene("first", first, width, height, "dusk", { x: 36, y: 68, r: 17, fill: "#fff6d8" }, "#8c3f63", "#4b2450")}
</svg>`;
}

interface Disc {
  x: number;
  y: number;
  r: number;
  fill: string;
}

function scene(
  clip: string,
  { x, y }: { x: number; y: number },
  width: number,
  height: number,
  sky: string,
  disc: Disc,
  far: string,
  near: string,
): string {
  return `<g clip-path="url(#${clip})"><g transform="translate(${x} ${y})"><rect width="${width}" height="${height}" fill="url(#${sky})"/>
<circle cx="${disc.x}" cy="${disc.y}" r="${disc.r}" fill="${disc.fill}"/>
<path d="M-4 92 L30 62 L56 86 L78 68 L112 98 L112 124 L-4 124 Z" fill="${far}"/><path d="M-4 108 Q30 86 60 102 T112 98 L112 124 L-4 124 Z" fill="${near}"/></g></g>
<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="15" fill="none" stroke="#ffffff" stroke-width="6"/>`;
}
