import { type Moment, random, range, round } from "./paint.ts";

/** Light and dark ripples all over the water. */
export function ripples(width: number, height: number, horizon: number, unit: number, moment: Moment): string {
  const next = random(moment === "dusk" ? 41 : 43);
  const lines = range(520).map(() => {
    const depth = next() ** 1.8;
    const y = horizon + 2 + depth * (height - horizon);
    const rx = (10 + next() * 60) * unit * (0.35 + depth * 1.5);
    const ry = (0.35 + depth * 1.9) * unit;
    const light = next() < 0.55;
    const color = moment === "dusk" ? (light ? "#ffd6a8" : "#3a2f63") : light ? "#7f9fd2" : "#030818";
    const opacity = (light ? 0.2 : 0.24) * (1.05 - depth * 0.55);
    return `<ellipse cx="${round(next() * width)}" cy="${round(y)}" rx="${round(rx)}" ry="${round(ry)}" fill="${color}" opacity="${round(opacity)}"/>`;
  });
  return lines.join("");
}

/** The sun's or the moon's path on the water. */
export function glitter(x: number, horizon: number, height: number, unit: number, moment: Moment): string {
  const next = random(53);
  const dusk = moment === "dusk";
  const path = `<ellipse cx="${round(x)}" cy="${round(horizon)}" rx="${round(90 * unit)}" ry="${round((height - horizon) * 0.95)}" fill="${dusk ? "#ffd690" : "#a9c2ee"}" opacity="${dusk ? 0.42 : 0.16}" filter="url(#veil)"/>`;
  const sparks = range(dusk ? 250 : 150).map(() => {
    const depth = next() ** 1.35;
    const y = horizon + 1 + depth * (height - horizon) * 0.93;
    const reach = (16 + depth * 92) * unit;
    const off = (next() + next() + next() - 1.5) * reach;
    const rx = (3 + next() * 17) * unit * (0.5 + depth * 1.2);
    const opacity = (dusk ? 0.85 : 0.6) * (1 - depth * 0.6) * (0.35 + next() * 0.65);
    return `<ellipse cx="${round(x + off)}" cy="${round(y)}" rx="${round(rx)}" ry="${round((0.6 + depth * 1.7) * unit)}" fill="${dusk ? "#fff0c4" : "#dfe9ff"}" opacity="${round(opacity)}"/>`;
  });
  return path + sparks.join("");
}

/** The lamp's own path on the water. */
export function lampReflection(x: number, horizon: number, height: number, unit: number): string {
  const next = random(67);
  return range(90)
    .map(() => {
      const depth = next() ** 1.2;
      const y = horizon + 6 * unit + depth * (height - horizon) * 0.8;
      const off = (next() + next() - 1) * (26 + depth * 80) * unit;
      const opacity = 0.5 * (1 - depth * 0.75) * (0.3 + next() * 0.7);
      return `<ellipse cx="${round(x - 190 * unit + off)}" cy="${round(y)}" rx="${round((6 + next() * 20) * unit)}" ry="${round((0.7 + depth * 1.4) * unit)}" fill="#ffdf9a" opacity="${round(opacity)}"/>`;
    })
    .join("");
}

/** The boat, at night with a lantern. */
export function boat(x: number, y: number, unit: number, moment: Moment): string {
  const hull = moment === "dusk" ? "#2a1f3d" : "#050a16";
  const sail = moment === "dusk" ? "#4a3553" : "#16233f";
  const lit = moment === "dusk" ? "#ffcf9d" : "#31466f";
  const lantern =
    moment === "night"
      ? `<circle cx="2" cy="-6" r="17" fill="url(#lampGlow)" opacity="0.8"/><circle cx="2" cy="-6" r="1.8" fill="#fff2c8"/>
         ${[6, 12, 19, 27].map((dy, i) => `<ellipse cx="${2 + (i % 2) * 2}" cy="${dy}" rx="${5 + i}" ry="0.9" fill="#ffdf9a" opacity="${0.5 - i * 0.1}"/>`).join("")}`
      : "";
  return `<g transform="translate(${round(x)} ${round(y)}) scale(${round(unit * 1.15)})">
<ellipse cx="0" cy="5" rx="26" ry="2.2" fill="${hull}" opacity="0.45"/>
<path d="M-3 -3 L-1 -46 Q22 -22 20 -5 Z" fill="${sail}"/><path d="M-3 -3 L-1 -46 Q-6 -20 -17 -5 Z" fill="${lit}" opacity="0.9"/>
<path d="M-22 -3 L24 -3 Q19 5 10 5 L-13 5 Q-20 4 -22 -3 Z" fill="${hull}"/><rect x="-3" y="-50" width="1.6" height="48" fill="${hull}"/>${lantern}</g>`;
}
