/** Debian packages, for root on Debian and Ubuntu. Says what it installs before it does. */
import { $ } from 'zx';

export async function install(why: string, packages: readonly string[]): Promise<void> {
  console.log(`apt: installing ${packages.join(' ')}: ${why}`);
  const apt = $({ env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, timeout: '10m' });
  // A fresh machine's package lists are missing or too old to fetch from.
  await apt`apt-get update --quiet`;
  await apt`apt-get install --yes --quiet --no-install-recommends ${packages}`;
}

export async function isInstalled(command: string): Promise<boolean> {
  return (await $({ nothrow: true })`command -v ${command}`).exitCode === 0;
}
