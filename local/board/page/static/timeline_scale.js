// From moments to places on a line. Times in which nothing happens are cut short, and said.
const SHORTEST_MS = 20;
const CUT_FROM_MS = 1000;
const CUT_SHARE = 0.15; // of the time in which something happens
const CLOSEST = 0.17; // of the line, from one tick to the next
export const TURNS_AT = 0.8; // from there on words stand before their tick
const GAP_UNITS = 0.05; // what a cut takes of the line

/** Each entry's `[from, to]` in ms since the first, in order. */
const spans = (entries) => {
  const first = Math.min(...entries.map((each) => Date.parse(each.at)));
  return entries.map((each) => {
    const from = Date.parse(each.at) - first;
    return [from, from + Math.max(0, each.duration_ms ?? 0)];
  });
};

const merged = (all, cut) => {
  const clusters = [];
  for (const [from, to] of [...all].sort((a, b) => a[0] - b[0])) {
    const last = clusters.at(-1);
    if (last && from - last.to <= cut) last.to = Math.max(last.to, to);
    else clusters.push({ from, to });
  }
  return clusters;
};

/** Round moments within one stretch, its beginning first. */
const ticksOf = (cluster, wide, place) => {
  const rough = wide / (cluster.share / CLOSEST);
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((each) => each * size >= rough) * size;
  const first = Math.ceil((cluster.from + 1) / step) * step;
  const count = Math.max(0, Math.floor((cluster.from + wide - first) / step) + 1);
  const moments = [cluster.from, ...Array.from({ length: count }, (_, at) => first + at * step)];
  return moments.map((ms) => ({ ms, at: place(ms) }));
};

/** Leaves out what would be written over what stands before it. */
const apart = () => {
  let last = -1;
  return ({ at }) => {
    if (at - last < (at > TURNS_AT ? 2 * CLOSEST : CLOSEST)) return false;
    last = at;
    return true;
  };
};

/** Where things are on the line, 0 to 1, and where it is cut: `{ place(ms), cuts, spans }`. */
export const scale = (entries) => {
  const all = spans(entries);
  const busy = merged(all, 0).reduce((sum, each) => sum + Math.max(SHORTEST_MS, each.to - each.from), 0);
  const clusters = merged(all, Math.max(CUT_FROM_MS, busy * CUT_SHARE));
  const width = (each) => Math.max(SHORTEST_MS, each.to - each.from);
  const total = clusters.reduce((sum, each) => sum + width(each), 0);
  const gap = Math.min(GAP_UNITS, 0.3 / Math.max(1, clusters.length - 1));
  const room = 1 - gap * (clusters.length - 1);

  let at = 0;
  const laid = clusters.map((each) => {
    const share = (width(each) / total) * room;
    const one = { ...each, at, share };
    at += share + gap;
    return one;
  });
  const place = (ms) => {
    const one = laid.findLast((each) => ms >= each.from) ?? laid[0];
    return one.at + one.share * Math.min(1, Math.max(0, (ms - one.from) / width(one)));
  };
  const cuts = laid.slice(1).map((each, before) => ({
    at: laid[before].at + laid[before].share, share: gap, ms: each.from - laid[before].to, from: each.from,
  }));
  const ticks = laid.flatMap((each) => ticksOf(each, width(each), place)).filter(apart());
  return { place, cuts, spans: all, ticks };
};
