import { type Moment, random, range, round } from "./paint.ts";

type Mix = (dusk: string, night: string) => string;

/** The hills across the water. */
export function farHills(width: number, horizon: number, unit: number, c: Mix): string {
  const ridge = (seed: number, rise: number, from: number, to: number, color: string) => {
    const next = random(seed);
    const phases = range(4).map(() => next() * 6.3);
    const points = range(81).map((i) => {
      const t = i / 80;
      const fade = Math.sin(Math.PI * Math.min(1, Math.max(0, t))) ** 0.7;
      const wave = phases.reduce((sum, phase, k) => sum + Math.sin(t * (4 + k * 5.3) + phase) / (k + 1.4), 0);
      return `${round(width * (from + (to - from) * t))},${round(horizon - rise * unit * fade * (0.75 + wave * 0.28))}`;
    });
    return `<polygon points="${round(width * from)},${round(horizon + 1)} ${points.join(" ")} ${round(width * to)},${round(horizon + 1)}" fill="${color}"/>`;
  };
  return [
    ridge(3, 66, -0.12, 0.4, c("#c98a85", "#28456f")),
    ridge(8, 40, 0.22, 0.78, c("#dfa284", "#304f7c")),
    ridge(5, 30, -0.2, 0.2, c("#9a6a80", "#1c335d")),
  ].join("");
}

/** The rocky point with the cottage, its shadow on the water and the foam at its foot. */
export function headland(width: number, horizon: number, unit: number, x: number, moment: Moment): string {
  const next = random(83);
  const at = (dx: number, dy: number) => `${round(x + dx * unit)},${round(horizon + dy * unit)}`;
  const jag = (dx: number, dy: number) => at(dx + (next() - 0.5) * 7, dy + (next() - 0.5) * 6);
  const right = (width - x) / unit + 20;
  const top = [
    jag(-236, 34),
    jag(-214, 22),
    jag(-196, 19),
    jag(-176, 1),
    jag(-158, -5),
    jag(-140, -24),
    jag(-118, -31),
    jag(-96, -50),
    jag(-70, -57),
    at(-44, -64),
    at(-10, -66),
    at(40, -66),
    jag(84, -63),
    jag(124, -70),
    jag(166, -82),
    jag(206, -86),
    jag(250, -98),
    jag(310, -112),
    at(Math.max(360, right), -122),
  ];
  const shore = [
    at(Math.max(360, right), 120),
    jag(300, 112),
    jag(240, 96),
    jag(150, 92),
    jag(90, 76),
    jag(20, 70),
    jag(-60, 62),
    jag(-120, 54),
    jag(-180, 49),
    jag(-236, 40),
  ];
  const facets = rockFaces(x, horizon, unit, right, moment);
  const foam = range(26).map(() => {
    const dx = -245 + next() * (right + 200);
    const dy = dx < -180 ? 44 : 46 + (dx + 180) * 0.115;
    return `<ellipse cx="${round(x + dx * unit)}" cy="${round(horizon + (dy + 5 + next() * 9) * unit)}" rx="${round((9 + next() * 26) * unit)}" ry="${round((0.8 + next() * 1.3) * unit)}" fill="${moment === "dusk" ? "#ffe6cf" : "#9db6e0"}" opacity="${round(0.25 + next() * 0.35)}"/>`;
  });
  const rim = moment === "dusk" ? "#ffb98a" : "#6f8fc4";
  const shade = `<polygon points="${at(-250, 46)} ${at(Math.max(360, right), 120)} ${at(Math.max(360, right), 190)} ${at(-60, 130)}" fill="${moment === "dusk" ? "#2a2144" : "#020713"}" opacity="0.5" filter="url(#blur)"/>`;
  return `${shade}<clipPath id="rock"><polygon points="${top.join(" ")} ${shore.join(" ")}"/></clipPath>
<polygon points="${top.join(" ")} ${shore.join(" ")}" fill="url(#cliff)"/>
<g clip-path="url(#rock)">${facets}</g>
<polyline points="${top.join(" ")}" fill="none" stroke="${rim}" stroke-width="${round(1.8 * unit)}" opacity="0.6"/>
${cottage(x, horizon, unit, moment)}${foam.join("")}`;
}

/** Triangles over the cliff, lighter towards the light on the left: rock, not a flat shape. */
function rockFaces(x: number, horizon: number, unit: number, right: number, moment: Moment): string {
  const next = random(83);
  const [lit, dark] = moment === "dusk" ? ["#f09a72", "#140f28"] : ["#5a7bb4", "#01030a"];
  const columns = Math.ceil((right + 280) / 30);
  const rows = 9;
  const grid = range(columns + 1).map((i) =>
    range(rows + 1).map((j) => ({
      x: x + (-260 + i * 30 + j * 5 + (next() - 0.5) * 22) * unit,
      y: horizon + (-130 + j * 30 + (next() - 0.5) * 20) * unit,
    })),
  );
  const face = (...corners: ({ x: number; y: number } | undefined)[]) => {
    const shade = next() + next() - 1;
    const points = corners.map((corner) => (corner ? `${round(corner.x)},${round(corner.y)}` : "")).join(" ");
    return `<polygon points="${points}" fill="${shade > 0 ? lit : dark}" opacity="${round(Math.abs(shade) * (shade > 0 ? 0.26 : 0.42))}"/>`;
  };
  return range(columns)
    .flatMap((i) =>
      range(rows).map((j) => {
        const [a, b, c, d] = [grid[i]?.[j], grid[i + 1]?.[j], grid[i]?.[j + 1], grid[i + 1]?.[j + 1]];
        return face(a, b, c) + face(b, d, c);
      }),
    )
    .join("");
}

function cottage(x: number, horizon: number, unit: number, moment: Moment): string {
  const dusk = moment === "dusk";
  const glass = dusk ? "#ffcf86" : "#ffd37a";
  const windows = [
    [60, -16],
    [78, -16],
    [96, -16],
  ]
    .map(
      ([wx = 0, wy = 0]) =>
        `${dusk ? "" : `<circle cx="${wx + 3}" cy="${wy + 4}" r="15" fill="url(#lampGlow)" opacity="0.6"/>`}<rect x="${wx}" y="${wy}" width="6.5" height="8" fill="${glass}" opacity="${dusk ? 0.75 : 1}"/>`,
    )
    .join("");
  return `<g transform="translate(${round(x)} ${round(horizon - 64 * unit)}) scale(${round(unit)})">
<rect x="52" y="-22" width="60" height="26" fill="${dusk ? "#c9a29a" : "#2c3d61"}"/><rect x="84" y="-22" width="28" height="26" fill="${dusk ? "#8d6c7d" : "#1d2a48"}"/>
<path d="M46 -21 L62 -40 L104 -40 L119 -21 Z" fill="${dusk ? "#5d3247" : "#0d1528"}"/><path d="M46 -21 L62 -40 L66 -40 L52 -21 Z" fill="${dusk ? "#e08a6c" : "#3d5480"}" opacity="0.8"/>
<rect x="92" y="-50" width="7" height="14" fill="${dusk ? "#4a2a40" : "#0a1122"}"/>${windows}</g>`;
}

/** Where the lighthouse stands (the middle of its foot, in pixels) and how much it is enlarged. */
export interface Tower {
  x: number;
  y: number;
  s: number;
}

const LAMP = 232;

/** The height of the lamp's middle, in pixels. */
export function lampY({ y, s }: Tower): number {
  return y - LAMP * s;
}

/** The lighthouse itself, with its lamp. */
export function drawTower(tower: Tower, moment: Moment): string {
  const dusk = moment === "dusk";
  // Half the width of the tower at a height above its foot.
  const half = (h: number) => 27 - h * 0.0595;
  const slice = (from: number, to: number, fill: string) =>
    `<path d="M${-half(from)} ${-from} L${-half(to)} ${-to} Q0 ${-to + 4} ${half(to)} ${-to} L${half(from)} ${-from} Q0 ${-from + 6} ${-half(from)} ${-from} Z" fill="${fill}"/>`;
  const bands = [
    [0, 42],
    [42, 84],
    [84, 126],
    [126, 168],
    [168, 206],
  ]
    .map(([from = 0, to = 0], i) => slice(from, to, i % 2 === 0 ? "url(#wall)" : "url(#band)"))
    .join("");
  const windows = [30, 104, 148]
    .map(
      (h) =>
        `<rect x="-3.4" y="${-h - 13}" width="6.8" height="13" rx="3.4" fill="${dusk ? "#3b2440" : "#ffd98c"}" opacity="${dusk ? 0.9 : 0.95}"/>`,
    )
    .join("");
  const iron = dusk ? "#2a1a30" : "#0a1020";
  const rails = range(9)
    .map((i) => `<rect x="${round(-20 + i * 5 - 0.5)}" y="-222" width="1" height="12" fill="${iron}"/>`)
    .join("");
  const lamp = dusk
    ? `<circle cx="0" cy="${-LAMP}" r="46" fill="url(#lampGlow)" opacity="0.55"/>`
    : `<circle cx="0" cy="${-LAMP}" r="120" fill="url(#lampGlow)"/>`;
  return `<g transform="translate(${round(tower.x)} ${round(tower.y)}) scale(${round(tower.s)})">
${bands}${windows}
<path d="M-4 0 L-4 -18 Q0 -24 6 -18 L6 0 Z" fill="${iron}"/>
<path d="M-15 -205 L-22 -211 L22 -211 L15 -205 Z" fill="${iron}"/><rect x="-21" y="-223" width="42" height="1.6" fill="${iron}"/>${rails}
<rect x="-12" y="-245" width="24" height="34" fill="${dusk ? "#ffe9b0" : "#fffbe6"}"/>
${[-12, -4.7, 3, 10.4].map((x) => `<rect x="${x}" y="-245" width="1.6" height="34" fill="${iron}" opacity="0.85"/>`).join("")}
<path d="M-16 -244 Q-13 -262 0 -266 Q13 -262 16 -244 Z" fill="url(#band)"/><circle cx="0" cy="-268" r="3" fill="${iron}"/><rect x="-0.7" y="-282" width="1.4" height="14" fill="${iron}"/>
${lamp}</g>`;
}

/** The lamp's two beams, towards the water and over the land. */
export function beams(width: number, tower: Tower, y: number, unit: number): string {
  const spread = 0.2 * Math.max(1, (760 * unit) / tower.x);
  const left = -20;
  const reach = tower.x - left;
  return `<g filter="url(#blur)"><polygon points="${round(tower.x)},${round(y - 5 * unit)} ${left},${round(y - reach * spread)} ${left},${round(y + reach * 0.02)} ${round(tower.x)},${round(y + 6 * unit)}" fill="url(#beam)"/>
<polygon points="${round(tower.x)},${round(y - 4 * unit)} ${round(width + 20)},${round(y + 4 * unit)} ${round(width + 20)},${round(y + 66 * unit)} ${round(tower.x)},${round(y + 5 * unit)}" fill="url(#beamRight)"/></g>`;
}

/** The near bank with its grass. */
export function foreground(width: number, height: number, unit: number): string {
  const next = random(97);
  const ground = (x: number) => {
    const t = x / width;
    return (
      height - unit * (18 + 62 * Math.max(0, 1 - t * 1.9) ** 1.3 + 34 * Math.max(0, t - 0.72) + Math.sin(t * 17) * 5)
    );
  };
  const bank = range(61).map((i) => `${round((width * i) / 60)},${round(ground((width * i) / 60))}`);
  const grass = range(430).map(() => {
    const x = next() ** 1.25 * width;
    const y = ground(x) + 3 * unit;
    const tall = (12 + next() * 34) * unit * (x < width * 0.4 ? 1.2 : 0.75);
    const lean = (next() * 0.7 + 0.08) * tall;
    const w = (0.9 + next() * 1.3) * unit;
    return `<path d="M${round(x - w)} ${round(y)} Q${round(x + lean * 0.2)} ${round(y - tall * 0.6)} ${round(x + lean)} ${round(y - tall)} Q${round(x + lean * 0.35 + w)} ${round(y - tall * 0.5)} ${round(x + w)} ${round(y)} Z"/>`;
  });
  return `<g fill="url(#front)"><polygon points="0,${height} ${bank.join(" ")} ${width},${height}"/>${grass.join("")}</g>`;
}
