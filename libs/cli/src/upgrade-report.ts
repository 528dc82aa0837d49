/** Judges the history of an upgrade, and writes what people and machines read of it. */
import type { Given } from './options.ts';

export async function reportUpgrade(folder: string): Promise<string> {
  return folder;
}

export function tellUpgrade(judged: string, { folder }: { folder: string; options: Given }): number {
  console.log(judged, folder);
  return 0;
}
