/** Student's t-distribution: how likely a difference of two means is by chance. */

/** Lanczos' coefficients for g = 5: the logarithm of the gamma function to 2e-10 (Numerical Recipes, 6.1). */
const LANCZOS = [
  76.18009172947146, -86.50532032941678, 24.01409824083091, -1.231739572450155, 0.1208650973866179e-2,
  -0.5395239384953e-5,
] as const;
/** The continued fraction below is done when a step changes it by less. */
const EPSILON = 1e-14;
const MOST_STEPS = 300;
/** Instead of a zero in a denominator (Lentz). */
const TINY = 1e-300;

export interface Sample {
  readonly count: number;
  readonly mean: number;
  /** Sum of the squared deviations from the mean. */
  readonly squares: number;
}

export function sampleOf(values: readonly number[]): Sample {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  return { count, mean, squares: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) };
}

/**
 * The two-sided probability, by Student's t-test with pooled variance, that two samples of one normal distribution have
 * means as far apart as these. 1 where they are too few; 0 where each is constant and they differ.
 */
export function tTest(a: Sample, b: Sample): number {
  const freedom = a.count + b.count - 2;
  if (a.count < 1 || b.count < 1 || freedom < 1) return 1;
  const difference = a.mean - b.mean;
  if (difference === 0) return 1;
  const error = Math.sqrt(((a.squares + b.squares) / freedom) * (1 / a.count + 1 / b.count));
  return twoSided(difference / error, freedom);
}

/** P(|T| >= |t|). */
export const twoSided = (t: number, freedom: number): number =>
  incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5);

/** The regularised incomplete beta function, by its continued fraction (Numerical Recipes, 6.4). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  // It converges fast on one side; the other is had by symmetry.
  return x < (a + 1) / (a + b + 2) ? (front * fraction(x, a, b)) / a : 1 - (front * fraction(1 - x, b, a)) / b;
}

function fraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m <= MOST_STEPS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let step = 1;
    for (const term of [even, odd]) {
      d = 1 / nonZero(1 + term * d);
      c = nonZero(1 + term / c);
      step = c * d;
      result *= step;
    }
    if (Math.abs(step - 1) < EPSILON) break;
  }
  return result;
}

const nonZero = (value: number): number => (Math.abs(value) < TINY ? TINY : value);

function logGamma(x: number): number {
  const series = LANCZOS.reduce((sum, coefficient, index) => sum + coefficient / (x + 1 + index), 1.000000000190015);
  return (x + 0.5) * Math.log(x + 5.5) - (x + 5.5) + Math.log((Math.sqrt(2 * Math.PI) * series) / x);
}
