import { beams, drawTower, farHills, foreground, headland, lampY } from "./land.ts";
import { type Moment, mixer, round } from "./paint.ts";
import { boat, glitter, lampReflection, ripples } from "./sea.ts";
import { clouds, disc, gulls, stars } from "./sky.ts";

/** Draws the coast at one moment as SVG; start and end differ in light, clouds, boat and beam, never in the land. */
export function lighthouse(width: number, height: number, moment: Moment): string {
  const c = mixer(moment);
  const portrait = height > width;
  const horizon = height * (portrait ? 0.63 : 0.64);
  const unit = Math.min(width * (portrait ? 1.2 : 1), height) / 720;
  const tower = { x: width * (portrait ? 0.71 : 0.715), y: horizon - 62 * unit, s: unit * 1.12 };
  const sun = { x: width * (portrait ? 0.19 : 0.27), y: horizon - (moment === "dusk" ? 74 : 226) * unit };

  const boatAt = moment === "dusk" ? 0.12 : portrait ? 0.24 : 0.4;

  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<defs>
${vertical(
  "sky",
  [
    [0, c("#2b3b73", "#040817")],
    [0.3, c("#6a5c9c", "#081230")],
    [0.52, c("#d4788a", "#10204a")],
    [0.68, c("#f7a472", "#1a3160")],
    [0.82, c("#ffce86", "#2a4675")],
    [1, c("#ffe3a6", "#3a5884")],
  ],
  0,
  horizon,
)}
${vertical(
  "sea",
  [
    [0, c("#f2b183", "#2b4876")],
    [0.1, c("#c98287", "#1d3662")],
    [0.4, c("#6d5587", "#0f2147")],
    [1, c("#2b2c57", "#050c20")],
  ],
  horizon,
  height,
)}
${vertical(
  "land",
  [
    [0, c("#4b3350", "#101c33")],
    [1, c("#1a1730", "#04070f")],
  ],
  horizon - 90 * unit,
  height,
)}
${vertical(
  "cliff",
  [
    [0, c("#8a5460", "#1f3152")],
    [0.5, c("#4f3450", "#111d36")],
    [1, c("#231c38", "#070c1a")],
  ],
  horizon - 70 * unit,
  horizon + 80 * unit,
)}
${vertical(
  "front",
  [
    [0, c("#1d1630", "#060a14")],
    [1, c("#0a0916", "#010206")],
  ],
  height * 0.8,
  height,
)}
<linearGradient id="wall" x1="0" x2="1" y1="0" y2="0">
  <stop offset="0" stop-color="${c("#ffd9b8", "#8fa3c4")}"/><stop offset="0.35" stop-color="${c("#f4e2d8", "#5d7197")}"/>
  <stop offset="0.75" stop-color="${c("#a98a9c", "#2c3c60")}"/><stop offset="1" stop-color="${c("#6f5a7b", "#18233f")}"/>
</linearGradient>
<linearGradient id="band" x1="0" x2="1" y1="0" y2="0">
  <stop offset="0" stop-color="${c("#e2573f", "#5a3346")}"/><stop offset="0.4" stop-color="${c("#b93d3b", "#3c2338")}"/>
  <stop offset="1" stop-color="${c("#5c2338", "#170f20")}"/>
</linearGradient>
${glow("sunGlow", c("#fff3c8", "#dfe9ff"), [
  [0, 0.95],
  [0.12, 0.6],
  [0.3, 0.28],
  [0.6, 0.08],
  [1, 0],
])}
${glow("lampGlow", c("#fff0b8", "#fff2c4"), [
  [0, 1],
  [0.1, 0.72],
  [0.25, 0.3],
  [0.5, 0.1],
  [0.75, 0.03],
  [1, 0],
])}
<linearGradient id="beam" gradientUnits="userSpaceOnUse" x1="${round(tower.x)}" y1="0" x2="${round(tower.x - width * 0.8)}" y2="0">
  <stop offset="0" stop-color="#fff4cf" stop-opacity="0.85"/><stop offset="0.25" stop-color="#ffedb8" stop-opacity="0.38"/>
  <stop offset="0.7" stop-color="#e9e6d8" stop-opacity="0.1"/><stop offset="1" stop-color="#e9e6d8" stop-opacity="0"/>
</linearGradient>
<linearGradient id="beamRight" gradientUnits="userSpaceOnUse" x1="${round(tower.x)}" y1="0" x2="${round(tower.x + width * 0.34)}" y2="0">
  <stop offset="0" stop-color="#fff4cf" stop-opacity="0.6"/><stop offset="1" stop-color="#ffedb8" stop-opacity="0"/>
</linearGradient>
<filter id="soft" x="-50%" y="-50%" width="200%" height="200%"><feGaussianBlur stdDeviation="${round(14 * unit)} ${round(5 * unit)}"/></filter>
<filter id="blur" x="-50%" y="-50%" width="200%" height="200%"><feGaussianBlur stdDeviation="${round(5 * unit)}"/></filter>
<filter id="wide" x="-20%" y="-20%" width="140%" height="140%"><feGaussianBlur stdDeviation="${round(20 * unit)}"/></filter>
<filter id="veil" x="-20%" y="-100%" width="140%" height="300%"><feGaussianBlur stdDeviation="${round(26 * unit)} ${round(11 * unit)}"/></filter>
<clipPath id="water"><rect x="0" y="${round(horizon)}" width="${width}" height="${round(height - horizon)}"/></clipPath>
<clipPath id="air"><rect x="0" y="0" width="${width}" height="${round(horizon)}"/></clipPath>
</defs>
<rect width="${width}" height="${height}" fill="url(#sky)"/>
<g clip-path="url(#air)">
${moment === "night" ? stars(width, horizon, unit) : ""}
${disc(sun, unit, moment)}
${clouds(width, horizon, unit, moment)}
</g>
${farHills(width, horizon, unit, c)}
<rect x="0" y="${round(horizon)}" width="${width}" height="${round(height - horizon)}" fill="url(#sea)"/>
<g clip-path="url(#water)">
${ripples(width, height, horizon, unit, moment)}
${glitter(sun.x, horizon, height, unit, moment)}
${moment === "night" ? lampReflection(tower.x, horizon, height, unit) : ""}
</g>
<ellipse cx="${width * 0.4}" cy="${round(horizon)}" rx="${width * 0.62}" ry="${round(9 * unit)}" fill="${c("#ffdcae", "#4a6a98")}" opacity="${moment === "dusk" ? 0.55 : 0.35}" filter="url(#veil)"/>
${boat(width * boatAt, horizon + 26 * unit, unit, moment)}
${headland(width, horizon, unit, tower.x, moment)}
${moment === "night" ? beams(width, tower, lampY(tower), unit) : ""}
${drawTower(tower, moment)}
${foreground(width, height, unit)}
${moment === "dusk" ? gulls(width, horizon, unit) : ""}
</svg>`;
}

function vertical(id: string, stops: readonly (readonly [number, string])[], from: number, to: number): string {
  const inner = stops.map(([at, color]) => `<stop offset="${at}" stop-color="${color}"/>`).join("");
  return `<linearGradient id="${id}" gradientUnits="userSpaceOnUse" x1="0" x2="0" y1="${round(from)}" y2="${round(to)}">${inner}</linearGradient>`;
}

function glow(id: string, color: string, stops: readonly (readonly [number, number])[]): string {
  const inner = stops.map(([at, opacity]) => `<stop offset="${at}" stop-color="${color}" stop-opacity="${opacity}"/>`);
  return `<radialGradient id="${id}">${inner.join("")}</radialGradient>`;
}
