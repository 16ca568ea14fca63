/** The code of an edge function before its settings are baked into it, as it is built here and as the npm package ships it. */
import { readFile } from 'node:fs/promises';
import type { Manifest, Notice } from './bundle.ts';

/** Stands in the code where the settings belong. */
export const PLACEHOLDER = '__EDGE_SETTINGS__';
export const ENTRY = 'aws-lambda-edge.js';

export interface EdgeCode {
  /** File name -> JavaScript; the entry holds the placeholder once. */
  readonly files: Readonly<Record<string, string>>;
  /** File name -> the packages that have bytes in it. */
  readonly notices: Readonly<Record<string, readonly Notice[]>>;
  readonly licence: string;
  readonly manifest: Manifest;
}

/** The npm package's file of it. */
export const SHIPPED = 'code.json';

/** Reads the code that was shipped or kept. */
export const readEdgeCode = async (file: string): Promise<EdgeCode> => JSON.parse(await readFile(file, 'utf8'));

/** The entry with its settings. Names are those of settings, so that they need no quotes. */
export const baked = (code: string, settings: Readonly<Record<string, string>>): string => {
  const members = Object.entries(settings).map(([name, value]) => `${name}:${JSON.stringify(value)}`);
  const [before, after, ...more] = code.split(PLACEHOLDER);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error('the code does not hold its placeholder once');
  }
  return `${before}{${members.join(',')}}${after}`;
};
