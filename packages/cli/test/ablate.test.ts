import { type ChildProcess, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { surveyBackends } from '@pffnet/backends';
import { rateOf } from '@pffnet/experiments';
import { parseHTML } from 'linkedom';
import sharp from 'sharp';
import { compilePffnet, type Ending, spawnPffnet, whenSaid } from './spawn-pffnet.ts';
import { temporaryFolder } from './temporary-folder.ts';

// Runs are processes of their own.
const path = temporaryFolder();

/** Two networks on synthetic cells, as small as every branch allows. */
const matrix = {
  preset: 'smoke',
  datasets: ['cells'],
  variants: ['pffnet', { name: 'wild', base: 'mask-rcnn', patch: {} }],
  settings: {
    training: { iterations: 4, validateEvery: 2, patch: { size: 64 } },
    instanceHead: { proposals: { test: { perLevelBeforeNms: 40, perLevelAfterNms: 20, total: 20 } } },
  },
};

// Runs are processes that load an engine each.
jest.setTimeout(300_000);

beforeAll(() => {
  compilePffnet();
  writeFileSync(path('two.json'), JSON.stringify(matrix));
  const wild = { name: 'wild', base: 'mask-rcnn', patch: { training: { learningRate: 1e30, clipNorm: null } } };
  writeFileSync(path('wild.json'), JSON.stringify({ ...matrix, variants: [wild, 'pffnet'] }));
  writeFileSync(path('typo.json'), JSON.stringify({ ...matrix, settings: { training: { iteration: 4 } } }));
}, 300_000);

function pffnet(args: readonly string[], act?: { when: RegExp; then: (child: ChildProcess) => void }): Promise<Ending> {
  const spawned = spawnPffnet(args);
  if (act !== undefined) {
    whenSaid(spawned, act.when, () => {
      act.then(spawned.child);
    });
  }
  return spawned.ended;
}

const ablate = (file: string, out: string, ...more: string[]): string[] => [
  'ablate',
  ...['--matrix', path(file), '--out', path(out), '--backend', 'wasm', ...more],
];

describe('pffnet ablate', () => {
  test('a dry run lists runs, time and disk, and begins nothing', async () => {
    const { code, out, said } = await pffnet(ablate('two.json', 'dry', '--dry-run'));
    expect([code, said]).toEqual([0, '']);
    expect(out).toMatch(/^run +steps +time +disk +state\ncells\/pffnet\/seed-0 +4 +\d+ s +\d+ MB +waiting\n/);
    expect(out).toMatch(
      /2 runs to do: about \d+ s one after the other, 0\.1 GB\nestimated from smoke: 0\.26 s per step/,
    );
    expect(existsSync(path('dry'))).toBe(false);
  });

  test('a dry run estimates for the engine that auto takes, not for WebAssembly', async () => {
    const taken = (await surveyBackends()).find(({ chosen }) => chosen)?.name ?? '';
    const { code, out } = await pffnet(['ablate', '--matrix', path('two.json'), '--out', path('dry'), '--dry-run']);
    const rate = rateOf({ kind: 'two-stage', preset: 'smoke' }, taken);
    const engine = rate?.engine === taken ? taken : `${rate?.engine} (${taken} was not measured)`;
    expect(code).toBe(0);
    expect(out).toContain(`estimated from smoke: ${rate?.secondsPerStep} s per step of 128 pixels on ${engine}, `);
  });

  test('a typo is refused before anything trains', async () => {
    expect(await pffnet(ablate('typo.json', 'typo'))).toEqual({
      code: 2,
      signal: null,
      out: '',
      said: `pffnet: matrix ${path('typo.json')}: there is no key training.iteration; did you mean iterations?\n`,
    });
    expect(existsSync(path('typo'))).toBe(false);
  });

  test('interrupted runs are saved; the same command does what is missing, and then nothing', async () => {
    const slow = ['--set', 'training.iterations=12', '--jobs', '2'];
    const stopped = await pffnet(ablate('two.json', 'runs', ...slow), {
      when: /pffnet\/seed-0: step/,
      then: (child) => {
        const look = setInterval(() => {
          if (!existsSync(path('runs', 'cells/pffnet/seed-0/log.jsonl'))) return;
          if (readFileSync(path('runs', 'cells/pffnet/seed-0/log.jsonl'), 'utf8') === '') return;
          clearInterval(look);
          child.kill('SIGTERM');
        }, 10);
      },
    });
    expect(stopped.code).toBe(130);
    expect(stopped.said).toMatch(/cells\/pffnet\/seed-0: interrupted at step \d+ of 12/);
    expect(stopped.said).toMatch(/\ngo on with: pffnet ablate .*--jobs 2\n$/);
    const whole = await pffnet(ablate('two.json', 'runs', ...slow));
    expect([whole.code, whole.out]).toEqual([0, '']);
    expect(whole.said).toMatch(/^2 runs, of which [0-2] finished already\n/);
    expect(whole.said).toContain('2 of 2 runs finished; a report: pffnet report');
    const again = await pffnet(ablate('two.json', 'runs', ...slow));
    expect([again.code, again.said]).toEqual([
      0,
      expect.stringMatching(/^2 runs, of which 2 finished already\n2 of 2/),
    ]);
    const facts = JSON.parse(readFileSync(path('runs', 'cells/pffnet/seed-0/run.json'), 'utf8'));
    expect(facts.experiment).toEqual({
      variant: 'pffnet',
      title: 'PFFNet',
      protocol: 'cells',
      protocolTitle: 'synthetic cells',
      fold: 'test',
      folds: 1,
      groups: {},
    });
  });

  test('refuses a folder of runs with other settings', async () => {
    const { code, said } = await pffnet(ablate('two.json', 'runs', '--set', 'training.iterations=13'));
    expect([code, said]).toEqual([
      2,
      `pffnet: ${path('runs', 'cells/pffnet/seed-0')}: training.iterations was 12, now 13; ask for the same matrix and settings, or choose another --out folder\n`,
    ]);
  });

  test('a run that fails says why and leaves the others alone; the same command tries it again', async () => {
    const { code, said } = await pffnet(ablate('wild.json', 'wild'));
    expect(code).toBe(1);
    expect(said).toMatch(/cells\/wild\/seed-0: failed at step \d of 4: step \d: .*; nothing was saved yet/);
    expect(said).toMatch(/the end of .*output\.log:\n {2}\| .*from random weights/);
    expect(said).toContain('1 of 2 runs finished');
    expect(existsSync(path('wild', 'cells/pffnet/seed-0/metrics.json'))).toBe(true);
  });

  test('two at the same time share the runs, each says who is at work, and none is trained twice', async () => {
    const shared = ablate('two.json', 'shared', '--set', 'training.iterations=12');
    const endings = await Promise.all([pffnet(shared), pffnet(shared)]);
    expect(endings.map(({ code }) => code)).toEqual([0, 0]);
    for (const name of ['pffnet', 'wild']) {
      const id = `cells/${name}/seed-0`;
      const who = endings.map(
        ({ said }) => new RegExp(`${id}: (?:step .*|testing) \\((process \\d+ on \\S+)\\)`).exec(said)?.[1],
      );
      expect([name, who]).toEqual([name, [expect.stringMatching(/^process/), who[0]]]);
      expect(readFileSync(path('shared', id, 'output.log'), 'utf8').match(/from random weights/g)).toHaveLength(1);
      expect(readdirSync(path('shared', id)).filter((file) => file.startsWith('events'))).toHaveLength(1);
    }
  });

  test('a dry run names the rows that have no runs, and what is missing of the data once', async () => {
    const args = ['--out', path('none'), '--data', path('none'), '--datasets', 'cvppp', '--dry-run'];
    const { code, said } = await pffnet(['ablate', '--matrix', 'table-vi', ...args]);
    expect([code, said]).toEqual([
      0,
      `cvppp: there is no folder ${path('none', 'cvppp')}; check the path; estimated without its images\n`,
    ]);
    const quoted = await pffnet(['ablate', '--matrix', 'table-ii', '--out', path('none'), '--dry-run']);
    expect(quoted.said).toContain(
      'rows of the paper that have no run here, because the paper quotes them from other work: CNN3 (Kumar et al. 2017)\n',
    );
  });

  test('refuses a choice that leaves nothing to run', async () => {
    const { code, said } = await pffnet([
      'ablate',
      '--matrix',
      'ci',
      '--out',
      path('none'),
      '--datasets',
      'tnbc-patches',
    ]);
    expect([code, said]).toEqual([
      2,
      'left out: TNBC, patches of 128; its folder is not in --data\npffnet: matrix ci: no run is left; give --data, or choose more with --datasets, --variants and --folds\n',
    ]);
  });

  test('says what is missing of the data', async () => {
    const { code, said } = await pffnet(['ablate', '--matrix', 'table-x', '--out', path('none')]);
    expect([code, said]).toEqual([2, 'pffnet: these runs need --data: the folder that holds tnbc, bbbc039, cvppp\n']);
  });
});

describe('pffnet report', () => {
  test('makes tables and one self-contained page from the run folders', async () => {
    const { code, said } = await pffnet(['report', path('runs'), '--out', path('report')]);
    expect([code, said]).toEqual([0, `2 runs, 2 rows of data sets; look at ${path('report', 'index.html')}\n`]);
    const html = readFileSync(path('report', 'index.html'), 'utf8');
    const { document } = parseHTML(html);
    // What was trained comes first, what holds nothing of it last.
    const sections = [...document.querySelectorAll('section')].map(({ id }) => id);
    expect(sections.slice(0, 5)).toEqual(['ours', 'boxes', 'pictures', 'curves', 'quality']);
    expect([...sections].sort()).toEqual(
      [
        ...['ii', 'iii', 'iv', 'v', 'vi', 'vii', 'viii', 'ix', 'x', 'xi', 'xii'].map((number) => `table-${number}`),
        ...['ours', 'beyond-the-paper', 'boxes', 'pictures', 'curves', 'quality', 'runs'],
      ].sort(),
    );
    // Nothing is loaded from elsewhere, and every picture can be read.
    const sources = [...document.querySelectorAll('[src], link')].map((element) => element.getAttribute('src') ?? '');
    expect(sources).toHaveLength(3 * 4);
    for (const source of sources) {
      expect(source).toMatch(/^data:image\/webp;base64,/);
      const { width } = await sharp(Buffer.from(source.split(',')[1], 'base64')).metadata();
      expect(width).toBe(128);
    }
    expect(document.querySelector('.warning')?.textContent).toContain('2 of 2 rows of data sets are SCALED DOWN');
    // The letters may well occur in the bytes of a picture.
    expect(html.replaceAll(/base64,[^"]*/g, '')).not.toContain('NaN');
    expect(readFileSync(path('report', 'tables', 'table-x.md'), 'utf8')).toContain('SCALED DOWN (not a data set');
    expect(readFileSync(path('report', 'tables', 'table-iii.csv'), 'utf8')).toContain('synthetic cells,wild,,pq,');
  });

  test('fails when a run of the matrix is missing', async () => {
    const whole = await pffnet(['report', path('runs'), '--out', path('report'), '--matrix', path('two.json')]);
    expect(whole.code).toBe(0);
    writeFileSync(path('three.json'), JSON.stringify({ ...matrix, variants: [...matrix.variants, 'no-quality'] }));
    const { code, said } = await pffnet([
      'report',
      path('runs'),
      '--out',
      path('report'),
      '--matrix',
      path('three.json'),
    ]);
    expect([code, said]).toEqual([1, expect.stringContaining('1 run of')]);
    expect(said).toContain('missing: cells/no-quality/seed-0\n');
  });

  const browser = ['chromium', 'chromium-browser', 'google-chrome']
    .map((name) => `/usr/bin/${name}`)
    .find((file) => existsSync(file));

  /** Opens the report from its file in a browser that can reach no host. */
  function browse(file: string, ...actions: string[]): { stdout: string; stderr: string } {
    const { status, stdout, stderr } = spawnSync(
      browser ?? '',
      [
        ...['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--hide-scrollbars'],
        ...['--host-resolver-rules=MAP * ~NOTFOUND', '--enable-logging=stderr', '--window-size=1280,3000'],
        ...[`--user-data-dir=${path('chromium')}`, ...actions, pathToFileURL(path('report', file)).href],
      ],
      { encoding: 'utf8', timeout: 120_000, maxBuffer: 2 ** 28 },
    );
    expect(status).toBe(0);
    return { stdout, stderr };
  }

  const testInBrowser = browser === undefined ? test.skip : test;

  testInBrowser('a browser finds every table and plot, and no fault (skipped: no Chromium is installed)', () => {
    const { stdout, stderr } = browse('index.html', '--dump-dom');
    const { document } = parseHTML(stdout);
    const count = (selector: string): number => document.querySelectorAll(selector).length;
    // Tables II to XII, and one of networks beyond the paper.
    for (const table of ['ii', 'iii', 'iv', 'v', 'vi', 'vii', 'viii', 'ix', 'x', 'xi', 'xii']) {
      expect([table, count(`#table-${table} table`) > 0]).toEqual([table, true]);
    }
    expect(count('#beyond-the-paper table')).toBe(1);
    expect(count('#ours tbody tr')).toBe(2);
    // One data set: a box plot, curves of losses and of validation; one network with a quality branch.
    expect([count('#boxes svg'), count('#curves svg'), count('#quality table')]).toEqual([1, 2, 1]);
    expect(count('#pictures img')).toBe(3 * 4);
    // Scripts that fail, files that are missing and addresses that are forbidden are said here.
    expect(stderr.split('\n').filter((line) => line.includes('CONSOLE'))).toEqual([]);
  });

  testInBrowser('a browser draws it (skipped: no Chromium is installed)', async () => {
    browse('index.html', `--screenshot=${path('page.png')}`);
    const { channels } = await sharp(path('page.png')).stats();
    // Not blank: text and tables on white.
    expect(channels.every(({ mean, stdev }) => mean > 150 && mean < 254 && stdev > 10)).toBe(true);
  });

  testInBrowser('no table is wider than a page of 1,280 pixels (skipped: no Chromium is installed)', () => {
    const measure = `<script>
      for (const details of document.querySelectorAll('details')) details.open = true;
      const wide = [...document.querySelectorAll('.wide')].filter((box) => box.scrollWidth > box.clientWidth + 1);
      const tooWide = wide.map((box) => box.closest('section').id);
      if (document.documentElement.scrollWidth > innerWidth) tooWide.push('page');
      document.body.innerHTML = '<p>' + document.querySelectorAll('.wide').length + ' tables, too wide: ' + tooWide + '</p>';
    </script>`;
    writeFileSync(path('report', 'measured.html'), readFileSync(path('report', 'index.html'), 'utf8') + measure);
    const { document } = parseHTML(browse('measured.html', '--dump-dom').stdout);
    expect(document.body.textContent?.trim()).toMatch(/^[1-9]\d+ tables, too wide:$/);
  });

  test('says where there are no runs', async () => {
    expect(await pffnet(['report', path('report', 'tables'), '--out', path('other')])).toEqual({
      code: 2,
      signal: null,
      out: '',
      said: `pffnet: ${path('report', 'tables')}: there is no run folder in it; expected the --out of pffnet ablate or pffnet train\n`,
    });
  });
});
