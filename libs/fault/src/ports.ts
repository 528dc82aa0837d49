/** Ports as scenarios write them: 8472, or '2379-2380, 30000-32767'. */

const MOST = 15;
const LAST = 65_535;
const RANGE = /^([1-9]\d{0,4})(?:-([1-9]\d{0,4}))?$/;

/** @param value a checked one. @returns each port and range as nft writes it. */
export function portRanges(value: unknown): readonly string[] {
  return String(value)
    .split(',')
    .map((part) => part.trim());
}

/** A list that nft would refuse, overlapping ranges included, is none. */
export function arePorts(value: unknown): boolean {
  if (typeof value === 'number') return isPort(value);
  if (typeof value !== 'string') return false;
  const ranges = portRanges(value).map((part) => {
    const [, first, last = first] = RANGE.exec(part) ?? [];
    return { first: Number(first), last: Number(last) };
  });
  const sorted = ranges.toSorted((a, b) => a.first - b.first);
  return (
    ranges.length <= MOST &&
    sorted.every(({ first, last }, index) => {
      const before = sorted[index - 1];
      return isPort(first) && isPort(last) && first <= last && (before === undefined || before.last < first);
    })
  );
}

const isPort = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= LAST;
