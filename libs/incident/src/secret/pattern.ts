/** What secrets look like. Pure. The patterns are of what is in use on k3s clusters, and of what people paste into manifests. */

interface Pattern {
  /** What it is, for people. */
  readonly name: string;
  readonly pattern: RegExp;
}

/**
 * Sources: k3s `server/token` (K10<ca hash>::<user>:<password>), RFC 7468 (PEM), RFC 7519 (JWT), crypt(3) and htpasswd(1)
 * (hashes), AWS, GitHub, GitLab, Slack and Google document their prefixes.
 */
const PATTERNS: readonly Pattern[] = [
  { name: 'a PEM block', pattern: /-----BEGIN [A-Z0-9 ]+-----/ },
  // Its base64, as Secrets and kubeconfigs have it: "-----BEGIN" in each of the three phases.
  { name: 'a PEM block in base64', pattern: /LS0tLS1CRUdJTi|0tLS0tQkVHSU4g|tLS0tLUJFR0lOI/ },
  { name: 'a JSON web token', pattern: /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/ },
  { name: 'a k3s token', pattern: /\bK10[0-9a-f]{16,}(?:::[^\s"']+)?/i },
  { name: 'a k3s join token', pattern: /::(?:server|node):[^\s"']+/ },
  { name: 'a bootstrap token', pattern: /\b[a-z0-9]{6}\.(?=[a-z]*\d)[a-z0-9]{16}\b/ },
  { name: 'an AWS key', pattern: /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/ },
  { name: 'a GitHub token', pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})/ },
  { name: 'a GitLab token', pattern: /\bgl(?:pat|ptt|rt|dt)-[A-Za-z0-9_-]{16,}/ },
  { name: 'a Slack token', pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{8,}/ },
  { name: 'a Google key', pattern: /\bAIza[A-Za-z0-9_-]{30,}/ },
  { name: 'a Stripe-like key', pattern: /\b(?:sk|rk|pk)[-_](?:live|test|proj|ant)[-_][A-Za-z0-9_-]{10,}/ },
  { name: 'a password hash', pattern: /\$(?:apr1|1|2[abxy]|5|6|y|argon2id?)\$[^\s"']{8,}|\{SHA\}[A-Za-z0-9+/=]{20,}/ },
  { name: 'a URL with credentials', pattern: /[a-z][a-z0-9+.-]*:\/\/[^\s/@"'<>]*:[^\s/@"'<>]+@/i },
  { name: 'an Authorization header', pattern: /\b(?:Basic|Bearer)\s+[A-Za-z0-9+/._~=-]{6,}/i },
  { name: 'a password beside its name', pattern: beside() },
];

function beside(): RegExp {
  const names = 'pass(?:word|wd|phrase)?|secret|token|(?:api|access|private)[-_.]?key|credentials?|auth';
  const harmless = '(?!(?:true|false|null|none|redacted|stand-in)\\b)';
  return new RegExp(`(?:${names})["']?\\s*[=:]\\s*["']?${harmless}[^\\s"',;}{[\\]]{3,}`, 'i');
}

/** Long words of base64 or hexadecimal in which no language is: 20 characters with more than this many bits each. */
const WORD = /[A-Za-z0-9+/_=-]{20,}/g;
const LEAST_BITS = { base64: 4, hex: 3.2 } as const;

/** What a text holds that looks like a secret; undefined: nothing. */
export function secretIn(text: string): string | undefined {
  const known = PATTERNS.find(({ pattern }) => pattern.test(text));
  if (known) return known.name;
  return (text.match(WORD) ?? []).some(isRandom) ? 'a long random word' : undefined;
}

/** Mean length of words in camelCase, `NodeHasNoDiskPressure`: below it they are none. In base64 it is some two letters. */
const LEAST_WORD = { ofLetters: 3, withSlashes: 4 } as const;

/** Names are words joined by hyphens, slashes or underscores; what is random is not. */
function isRandom(word: string): boolean {
  if (!/\d/.test(word)) return wordsIn(word) < LEAST_WORD.ofLetters;
  if (/^[0-9a-f]+$/i.test(word)) return word.length >= 32 && bitsOf(word) >= LEAST_BITS.hex;
  if (bitsOf(word) < LEAST_BITS.base64) return false;
  const longest = Math.max(...word.split(/[-_/=]/).map(({ length }) => length));
  // base64 has slashes too, and keys of 40 characters are cut by them.
  return longest >= 20 || (word.length >= 32 && /[/+]/.test(word) && wordsIn(word) < LEAST_WORD.withSlashes);
}

/** Mean length, in letters; a word without any has none. */
function wordsIn(text: string): number {
  const words = text.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g) ?? [];
  return words.length === 0 ? Infinity : words.join('').length / words.length;
}

/** Shannon's entropy of its characters, bits each. */
function bitsOf(word: string): number {
  const counts = new Map<string, number>();
  for (const character of word) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((bits, count) => bits - (count / word.length) * Math.log2(count / word.length), 0);
}

/** Whether what a key names is a secret by its name: `token`, `adminPassword`, `eab.hmacEncoded`. */
export const isSecretName = (key: string): boolean =>
  /pass(?:word|wd|phrase)?$|secret(?!name)|token|api[-_.]?key|access[-_.]?key|private[-_.]?key|credential|hmac|htpasswd|^auth$/i.test(
    key,
  );
