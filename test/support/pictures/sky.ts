import { blend, type Moment, random, range, round } from "./paint.ts";

/** Stars, and the band of the Milky Way. */
export function stars(width: number, horizon: number, unit: number): string {
  const next = random(11);
  const dots = range(Math.round(width * horizon * 0.0008)).map(() => {
    const depth = next() ** 1.6;
    const size = (0.4 + next() ** 5 * 1.5) * unit;
    const opacity = (0.35 + next() * 0.6) * (1 - depth * 0.8);
    const tint = next();
    const color = tint < 0.15 ? "#ffd9b0" : tint < 0.5 ? "#cfe0ff" : "#ffffff";
    return `<circle cx="${round(next() * width)}" cy="${round(depth * horizon * 0.94)}" r="${round(size)}" fill="${color}" opacity="${round(opacity)}"/>`;
  });
  const haze = range(150).map((i) => {
    const t = i / 149;
    const x = width * (0.02 + t * 0.62) + (next() - 0.5) * 70 * unit;
    const y = horizon * (0.78 - t * 0.85) + (next() - 0.5) * 60 * unit;
    const r = (34 + next() * 44) * unit;
    return `<ellipse cx="${round(x)}" cy="${round(y)}" rx="${round(r)}" ry="${round(r * 0.5)}" fill="#9db4ea" opacity="0.02" transform="rotate(-40 ${round(x)} ${round(y)})"/>`;
  });
  const dust = range(Math.round(420 * unit)).map(() => {
    const t = next();
    const spread = (next() + next() + next() - 1.5) * 95 * unit;
    const x = width * (0.02 + t * 0.62) + spread * 0.6;
    const y = horizon * (0.78 - t * 0.85) + spread;
    return `<circle cx="${round(x)}" cy="${round(y)}" r="${round((0.3 + next() * 0.45) * unit)}" fill="#dfe8ff" opacity="${round(0.2 + next() * 0.45)}"/>`;
  });
  return `<g filter="url(#wide)">${haze.join("")}</g>${dust.join("")}${dots.join("")}`;
}

/** The sun or the moon, with its halo. */
export function disc(sun: { x: number; y: number }, unit: number, moment: Moment): string {
  const reach = (moment === "dusk" ? 420 : 190) * unit;
  const halo = `<circle cx="${round(sun.x)}" cy="${round(sun.y)}" r="${round(reach)}" fill="url(#sunGlow)" opacity="${moment === "dusk" ? 0.95 : 0.5}"/>`;
  if (moment === "dusk") {
    return `${halo}<circle cx="${round(sun.x)}" cy="${round(sun.y)}" r="${round(34 * unit)}" fill="#fffbe6"/>`;
  }
  const craters = [
    [-8, -6, 6],
    [7, 3, 8],
    [-3, 10, 4],
    [9, -10, 3],
  ].map(
    ([x = 0, y = 0, r = 0]) =>
      `<circle cx="${round(sun.x + x * unit)}" cy="${round(sun.y + y * unit)}" r="${round(r * unit)}" fill="#b9c5dd" opacity="0.55"/>`,
  );
  return `${halo}<circle cx="${round(sun.x)}" cy="${round(sun.y)}" r="${round(23 * unit)}" fill="#eef3ff"/>${craters.join("")}`;
}

/** Banks of clouds, lit from below; they drift between the moments. */
export function clouds(width: number, horizon: number, unit: number, moment: Moment): string {
  const next = random(29);
  const drift = moment === "dusk" ? 0 : width * 0.16;
  const banks = range(13).map((i) => {
    const depth = i / 12;
    const y = horizon * (0.16 + 0.74 * depth ** 0.8);
    const x = next() * width * 1.3 - width * 0.15 + drift;
    const length = (240 + next() * 300) * unit * (1.2 - depth * 0.5);
    const puffs = range(13).map(() => {
      const along = next() + next() - 1;
      const rx = length * (0.1 + next() * 0.16);
      const ry = (5 + next() * 11) * unit * (1.25 - depth * 0.75) * (1 - Math.abs(along) * 0.5);
      const cx = x + along * length * 0.6;
      const cy = y + (next() - 0.6) * 15 * unit * (1.1 - depth * 0.6);
      return { cx, cy, rx, ry };
    });
    const dark = moment === "dusk" ? blend("#5d4f86", "#c06a74", depth) : blend("#0b1530", "#1c2f58", depth);
    const lit = moment === "dusk" ? blend("#f39a8a", "#ffdf9e", depth) : blend("#22355f", "#3f5b8b", depth);
    const shape = (dy: number, grow: number) =>
      puffs
        .map(
          ({ cx, cy, rx, ry }) =>
            `<ellipse cx="${round(cx)}" cy="${round(cy + dy * unit)}" rx="${round(rx * grow)}" ry="${round(ry * grow)}"/>`,
        )
        .join("");
    const strength = moment === "dusk" ? 0.62 : 0.4;
    return `<g filter="url(#soft)"><g fill="${dark}" opacity="${strength}">${shape(0, 1)}</g><g fill="${lit}" opacity="${strength * 0.95}">${shape(6, 0.72)}</g></g>`;
  });
  return banks.join("");
}

/** Four gulls. */
export function gulls(width: number, horizon: number, unit: number): string {
  return [
    [0.43, 0.42, 1],
    [0.475, 0.365, 0.7],
    [0.395, 0.34, 0.55],
    [0.505, 0.45, 0.5],
  ]
    .map(([x = 0, y = 0, s = 0]) => {
      const k = s * unit;
      return `<path transform="translate(${round(x * width)} ${round(y * horizon)}) scale(${round(k)})" d="M-22 -4 Q-11 -13 0 0 Q11 -13 22 -6" fill="none" stroke="#3a2747" stroke-width="2.6" stroke-linecap="round" opacity="0.85"/>`;
    })
    .join("");
}
