/**
 * Builds our own images where they are missing: `npm run images`.
 *
 * `faultline/tools` comes from Debian: over the engine's registry where it has one, else straight from Debian's
 * packages (root on Debian or Ubuntu). `faultline/userlist` is cut out of it: Node, its libraries, the app.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engine, isMissing, type Engine } from '@faultline/control';
import { $, type ProcessPromise } from 'zx';
import { ownImages, TOOLS, USERLIST } from '@faultline/cluster/plan';
import { readSources } from '@faultline/cluster';
import { install, isInstalled } from './apt.ts';
import { nodeBinary } from './images/node-binary.ts';

const APP = join(import.meta.dirname, '../libs/workload/src/app');

/** Of an image that `docker import` makes from a tree. */
const changes = (lines: readonly string[]): string[] => lines.flatMap((line) => ['--change', line]);

async function main(): Promise<void> {
  const docker = await engine();
  const app = await readSources(APP);
  const { tools, userlist } = ownImages(app);
  await unlessThere(docker, tools, () => buildTools(docker, tools));
  await unlessThere(docker, userlist, () => buildUserlist(tools, userlist, Object.keys(app)));
}

async function unlessThere(docker: Engine, image: string, build: () => Promise<void>): Promise<void> {
  const find = () =>
    docker
      .getImage(image)
      .inspect()
      .catch((error: unknown) => {
        if (isMissing(error)) return undefined;
        throw error;
      });
  const started = performance.now();
  let found = await find();
  const isNew = found === undefined;
  if (isNew) {
    console.log(`images: building ${image}`);
    await build();
    found = await find();
  }
  if (found === undefined) {
    throw new Error(
      `images: ${image} was built, but not in the engine that Faultline uses.\nNext: let DOCKER_HOST name that engine`,
    );
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`images: ${image} ${Math.round(found.Size / 1e6)} MB${isNew ? `, built in ${seconds} s` : ''}`);
}

async function buildTools(docker: Engine, image: string): Promise<void> {
  const { Architecture } = (await docker.info()) as { Architecture: string };
  const folder = await mkdtemp(join(tmpdir(), 'faultline-images-'));
  try {
    const node = await nodeBinary(TOOLS.node, Architecture, folder);
    await ((await hasBase(docker)) ? buildOnBase(image, folder) : buildFromPackages(image, node));
  } finally {
    await rm(folder, { recursive: true });
  }
}

const base = `debian:${TOOLS.debian}-slim`;

/** Whether the engine has Debian's image or can get it. */
async function hasBase(docker: Engine): Promise<boolean> {
  const isThere = await docker
    .getImage(base)
    .inspect()
    .then(
      () => true,
      () => false,
    );
  return (
    isThere || (await $({ nothrow: true, quiet: true, timeout: '15s' })`docker pull --quiet ${base}`).exitCode === 0
  );
}

async function buildOnBase(image: string, folder: string): Promise<void> {
  const dockerfile = [
    `FROM ${base}`,
    `RUN apt-get update && apt-get install --yes --no-install-recommends ${TOOLS.packages.join(' ')} && rm -rf /var/lib/apt/lists/*`,
    'COPY node /usr/local/bin/node',
    `CMD ${JSON.stringify(TOOLS.command)}`,
  ];
  await writeFile(join(folder, 'Dockerfile'), dockerfile.join('\n'));
  await $`docker build --quiet --tag ${image} ${folder}`;
}

async function buildFromPackages(image: string, node: string): Promise<void> {
  if (!(await isInstalled('mmdebstrap'))) {
    if (!(await isInstalled('apt-get')) || process.getuid?.() !== 0) {
      throw new Error(
        `images: the engine cannot pull ${base}, and only root on Debian or Ubuntu can build it from packages.\n` +
          `Next: docker pull ${base} where there is a registry, and docker save | docker load it here; or run as root`,
      );
    }
    await install('the engine cannot pull Debian, so it is built from packages', [
      'mmdebstrap',
      'debian-archive-keyring',
    ]);
  }
  console.log(`images: no ${base} to be had from a registry: building from Debian's packages`);
  const options = [
    '--quiet',
    '--variant=minbase',
    `--include=${TOOLS.packages.join(',')}`,
    ...TOOLS.leftOut.map((path) => `--dpkgopt=path-exclude=${path}/*`),
    `--customize-hook=copy-in ${node} /usr/local/bin`,
  ];
  const config = changes([`CMD ${JSON.stringify(TOOLS.command)}`]);
  await named(image, $`mmdebstrap ${options} ${TOOLS.debian} - | docker import ${config} -`);
}

/** Names an image once all of it is there: what comes out of a pipe that broke is an image, too. */
async function named(image: string, imported: ProcessPromise): Promise<void> {
  const id = await imported;
  await $`docker tag ${id} ${image}`;
}

/** Reads the app from standard input and writes a whole file system to standard output. Both are tar archives. */
const cutOut = `
  set -eu
  mkdir -p /tree/app /tree/etc /tree/tmp
  tar -x -C /tree/app
  cd /tree
  chmod 1777 tmp
  echo 'userlist:x:${USERLIST.user}:${USERLIST.user}:userlist:/app:/sbin/nologin' > etc/passwd
  cp --parents --dereference /usr/local/bin/node $(ldd /usr/local/bin/node | grep -o '/[^ ]*') .
  tar -c --owner=0 --group=0 .`;

async function buildUserlist(tools: string, image: string, files: readonly string[]): Promise<void> {
  if (!files.includes('main.ts')) throw new Error(`images: ${APP}/main.ts is missing, and ${image} starts with it`);
  const config = changes([
    `CMD ${JSON.stringify(USERLIST.command)}`,
    `EXPOSE ${USERLIST.port}`,
    `USER ${USERLIST.user}`,
    'WORKDIR /app',
  ]);
  const tree = $`tar -c -C ${APP} ${files} | docker run --rm -i --network none ${tools} sh -c ${cutOut} | docker import ${config} -`;
  await named(image, tree);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
