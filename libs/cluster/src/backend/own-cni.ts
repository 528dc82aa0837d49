/** What of a user's manifest must be known before it is applied: nodes reach no registry, so its images are handed to them. */

/** The images that a manifest names, in its order. An operator that asks for more by itself must have them named too. */
export function imagesIn(manifest: string): readonly string[] {
  const lines = manifest.matchAll(/^\s*(?:-\s+)?image:\s*(["']?)([^\s"'#]+)\1\s*(?:#.*)?$/gm);
  return [...new Set([...lines].flatMap(([, , image]) => image ?? []))];
}
