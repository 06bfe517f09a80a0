/**
 * Memory and time of writing a label map as GeoJSON and reading it back:
 * `node --max-old-space-size=512 tools/bench/geojson.mjs [<side>]` after `npm run build`; a side of 10,000 has a million
 * objects.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readGeoJson, writeGeoJson } from '@pffnet/datasets';
import { contours } from '@pffnet/postprocess';

const side = Number(process.argv[2] ?? 10_000);
const pitch = 10;

/** Discs of about 48 pixels, in a grid. */
function discs() {
  const data = new Uint32Array(side * side);
  let id = 0;
  for (let y = 0; y + 8 < side; y += pitch) {
    for (let x = 0; x + 8 < side; x += pitch) {
      id++;
      for (let row = 0; row < 8; row++) {
        const inset = Math.floor(Math.abs(row - 3.5));
        data.fill(id, (y + row) * side + x + inset, (y + row) * side + x + 8 - inset);
      }
    }
  }
  return { height: side, width: side, data };
}

let peak = 0;
let count = 0;
function look() {
  if (++count % 1000 === 0) peak = Math.max(peak, process.memoryUsage().heapUsed);
}

function* outlined(labels) {
  for (const { id, polygons } of contours(labels)) {
    look();
    yield { polygons, name: String(id) };
  }
}

const folder = mkdtempSync(join(tmpdir(), 'pffnet-bench-'));
try {
  const path = join(folder, 'cells.geojson');
  const report = (what, from) => {
    const { user, system } = process.cpuUsage(from);
    process.stdout.write(
      `${what} ${count} objects: ${((user + system) / 1e6).toFixed(1)} s of processor time, heap at most ${Math.round(peak / 2 ** 20)} MiB\n`,
    );
    [count, peak] = [0, 0];
  };
  const labels = discs();
  let from = process.cpuUsage();
  await writeGeoJson(path, outlined(labels));
  report('wrote', from);
  from = process.cpuUsage();
  for await (const object of readGeoJson(path)) if (object.polygons.length > 0) look();
  report('read', from);
  const mebibytes = (bytes) => Math.round(bytes / 2 ** 20);
  process.stdout.write(
    `file ${mebibytes(statSync(path).size)} MiB, label map ${mebibytes(labels.data.byteLength)} MiB, peak of the process ${mebibytes(process.resourceUsage().maxRSS * 1024)} MiB\n`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
