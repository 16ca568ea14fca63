/** Makes the edge function's package while an app is synthesized, with the program behind `npm run package:edge`. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Setting name -> value, as in edge.json. */
export type EdgeSettings = Readonly<Record<string, string | number | boolean>>;

export interface EdgePackage {
  readonly zip: string;
  readonly warnings: readonly string[];
}

/** Seen from dist/cdk and dist/cdk-commonjs, and from deploy/cdk. */
const PROGRAMS = ['../edge/package-edge.js', '../../scripts/package-edge.ts'].map(path =>
  join(import.meta.dirname, path),
);

/**
 * Writes the zip.
 * @param zip path of the file to write.
 * @throws Error that names every wrong setting.
 */
export function packageEdge(settings: EdgeSettings, zip: string, memoryMb: number, timeoutS: number): EdgePackage {
  const program = PROGRAMS.find(path => existsSync(path));
  if (program === undefined) throw new Error(`${PROGRAMS[0]} is missing: run "npm run build".`);
  const folder = mkdtempSync(join(tmpdir(), 'edge-settings-'));
  try {
    const config = join(folder, 'settings');
    writeFileSync(config, JSON.stringify(settings));
    const { status, stderr, error } = spawnSync(
      process.execPath,
      [program, '--config', config, '--out', zip, '--memory', `${memoryMb}`, '--timeout', `${timeoutS}`, '--quiet'],
      // The repository's program finds its sources from the root.
      { encoding: 'utf8', cwd: join(import.meta.dirname, '../..') },
    );
    const said = (stderr ?? '').replaceAll(config, 'settings').trim();
    if (status !== 0) throw new Error(said || String(error ?? `the packaging ended with ${status}`));
    const warnings = [...said.matchAll(/^package:edge: warning: (.*)$/gm)].map(([, sentence = '']) => sentence);
    return { zip, warnings };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
