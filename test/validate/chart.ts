import type { Comparison } from './comparison.ts';

const size = 300;
const margin = { left: 52, top: 34, right: 14, bottom: 46 };
const panelWidth = margin.left + size + margin.right;

/** Predicted against measured as SVG: one panel each for throughput, p50 and p95; on the line they agree. */
export function drawChart(comparisons: readonly Comparison[]): string {
  const panels = [
    panel('Throughput, requests/s', comparisons, (one) => [
      one.measured.throughputPerSecond,
      one.predicted.throughputPerSecond,
    ]),
    panel('p50, ms', comparisons, (one) => [1000 * one.measured.p50Seconds, 1000 * one.predicted.responseSeconds.p50]),
    panel('p95, ms', comparisons, (one) => [1000 * one.measured.p95Seconds, 1000 * one.predicted.responseSeconds.p95]),
  ];
  const width = panels.length * panelWidth;
  const height = margin.top + size + margin.bottom;
  const moved = panels.map((content, index) => `<g transform="translate(${index * panelWidth} 0)">\n${content}\n</g>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, sans-serif" font-size="12">
<title>Predicted against measured throughput and response times</title>
<style>
text { fill: #333 } .axis, .grid { stroke: #8888; fill: none } .grid { stroke-opacity: .3 }
.same { stroke: #666; fill: none } .band { stroke: #8888; stroke-dasharray: 4 4; fill: none } .dot { fill: #2f6fb3; fill-opacity: .75 }
@media (prefers-color-scheme: dark) { text { fill: #ddd } .same { stroke: #bbb } .dot { fill: #6fb1f5 } }
</style>
${moved.join('\n')}
</svg>
`;
}

function panel(
  title: string,
  comparisons: readonly Comparison[],
  valuesOf: (comparison: Comparison) => readonly [number, number],
): string {
  const pairs = comparisons.map(valuesOf).filter(([measured, predicted]) => measured > 0 && predicted > 0);
  const all = pairs.flat();
  const [least, most] = [Math.min(...all) / 1.2, Math.max(...all) * 1.2];
  const place = (value: number) => (size * Math.log(value / least)) / Math.log(most / least);
  const x = (value: number) => round(margin.left + place(value));
  const y = (value: number) => round(margin.top + size - place(value));
  const right = margin.left + size;
  const bottom = margin.top + size;
  const grid = ticks(least, most).flatMap((tick) => [
    `<path class="grid" d="M${x(tick)} ${margin.top}V${bottom}M${margin.left} ${y(tick)}H${right}"/>`,
    `<text x="${x(tick)}" y="${bottom + 16}" text-anchor="middle">${tick}</text>`,
    `<text x="${margin.left - 6}" y="${y(tick) + 4}" text-anchor="end">${tick}</text>`,
  ]);
  const bands = [0.8, 1.25].map((ratio) => {
    const [from, to] = [Math.max(least, least / ratio), Math.min(most, most / ratio)];
    return `<path class="band" d="M${x(from)} ${y(from * ratio)}L${x(to)} ${y(to * ratio)}"/>`;
  });
  return [
    ...grid,
    `<path class="axis" d="M${margin.left} ${margin.top}V${bottom}H${right}"/>`,
    `<path class="same" d="M${x(least)} ${y(least)}L${x(most)} ${y(most)}"/>`,
    ...bands,
    ...pairs.map(([measured, predicted]) => `<circle class="dot" cx="${x(measured)}" cy="${y(predicted)}" r="4.5"/>`),
    `<text x="${margin.left}" y="${margin.top - 14}" font-weight="600">${title}</text>`,
    `<text x="${margin.left + size / 2}" y="${bottom + 36}" text-anchor="middle">measured</text>`,
    `<text transform="translate(14 ${margin.top + size / 2}) rotate(-90)" text-anchor="middle">predicted</text>`,
  ].join('\n');
}

/** 1, 2 and 5 times powers of ten. */
function ticks(least: number, most: number): readonly number[] {
  return [-1, 0, 1, 2, 3, 4]
    .flatMap((power) => [1, 2, 5].map((step) => step * 10 ** power))
    .filter((tick) => tick >= least && tick <= most);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
