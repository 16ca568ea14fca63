/** `node bench/profile.ts [decisions]`: where a decision's CPU goes, as a flame graph in bench/results/. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { SourceMap } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EVENT, exporting, startProbed, variablesFor } from './bed/function.ts';
import { buildInto } from './bed/rebuild.ts';
import { startServices } from './bed/services.ts';
import { makeTaskRoot } from './bed/task-root.ts';
import { type CpuProfile, type SourceOf, selfTimes, treeOf } from './profile/cpu-profile.ts';
import { flamePage } from './profile/flame-page.ts';

const RESULTS = new URL('./results/', import.meta.url);

const decisions = Number(process.argv[2] ?? 4000);
const services = await startServices();
const taskRoot = await makeTaskRoot();
const folder = await mkdtemp(join(tmpdir(), 'bench-profile-'));
try {
  const file = join(folder, 'profile.json');
  const options = { minify: false, sourcemap: 'linked' } as const;
  const module = await buildInto(taskRoot.path, { name: 'profiled', lazy: true, options });
  const env = { ...variablesFor(services), ...exporting(services), BENCH_PROFILE: file };
  const { environment, decide } = await startProbed(module, { taskRoot: taskRoot.path, env });
  for (let call = 0; call < 1000; call += 1) await decide();
  await environment.invoke({ ...EVENT, bench: 'start-profile' });
  for (let call = 0; call < decisions; call += 1) await decide();
  await environment.invoke({ ...EVENT, bench: 'stop-profile' });
  await environment.close();

  const profile: CpuProfile = JSON.parse(await readFile(file, 'utf8'));
  const built = ['authorizer', 'export'].map(name => join(taskRoot.path, module, '..', `${name}.js`));
  const root = treeOf(profile, await sourcesOf(built));
  await mkdir(RESULTS, { recursive: true });
  await writeFile(new URL('hot-path.html', RESULTS), flamePage(root, decisions));
  for (const { name, owner, us } of selfTimes(root).slice(0, 30)) {
    console.log(`${(us / decisions).toFixed(1).padStart(7)} µs  ${owner.padEnd(10)} ${name}`);
  }
  console.log('\nbench/results/hot-path.html');
} finally {
  await rm(folder, { recursive: true, force: true });
  await taskRoot.remove();
  await services.end();
}

/** Looks a bundle's position up in its source map. */
async function sourcesOf(files: readonly string[]): Promise<SourceOf> {
  const maps = new Map<string, SourceMap>();
  for (const file of files) maps.set(file, new SourceMap(JSON.parse(await readFile(`${file}.map`, 'utf8'))));
  return (url, line) => {
    const map = maps.get(url.replace('file://', ''));
    const entry = map?.findEntry(line, 1_000_000);
    return entry !== undefined && 'originalSource' in entry ? entry.originalSource : undefined;
  };
}
