/** Things of somebody else's, with names that look like ours: they must outlive whatever becomes of us. */
import type { Cluster } from '@faultline/cluster';
import { $ } from 'zx';

const NAME = `faultline-foreign-${process.pid}`;
/** A table of our name in a node would be taken for a fault, and nothing would be broken there. */
const TABLE = `foreign_${process.pid}`;
const quietly = $({ nothrow: true, quiet: true });
const loudly = $({ quiet: true });

export interface Foreign extends AsyncDisposable {
  /** What of it is gone. */
  missing(): Promise<string[]>;
}

const onHost = (image: string) => ['run', '--rm', '--network', 'host', '--cap-add', 'NET_ADMIN', image, 'nft'];

/** A container, a network, a volume, a table with a rule on the host, and one in the namespace of every node of the cluster. */
export async function plant(nodes: Cluster['nodes']): Promise<Foreign> {
  const { stdout } = await loudly`docker images faultline/tools --format ${'{{.Repository}}:{{.Tag}}'}`;
  const image = stdout.split('\n')[0] ?? '';
  const sides = nodes.map(({ name, side }) => ({ name, container: side.container }));
  const nft = (words: readonly string[]) => quietly`docker ${[...onHost(image), ...words]}`;
  await using undo = new AsyncDisposableStack();
  undo.defer(async () => void (await quietly`docker rm -f ${NAME}`));
  await loudly`docker run -d --name ${NAME} --network none ${image} sleep infinity`;
  undo.defer(async () => void (await quietly`docker network rm ${NAME}`));
  await loudly`docker network create --internal ${NAME}`;
  undo.defer(async () => void (await quietly`docker volume rm ${NAME}`));
  await loudly`docker volume create ${NAME}`;
  const rule = `add table inet ${TABLE}; add chain inet ${TABLE} theirs; add rule inet ${TABLE} theirs counter accept`;
  undo.defer(async () => void (await nft(['delete', 'table', 'inet', TABLE])));
  await nft([rule]);
  for (const { container } of sides) {
    undo.defer(async () => void (await quietly`docker exec ${container} nft delete table inet ${TABLE}`));
    await loudly`docker exec ${container} nft ${rule}`;
  }
  const held = undo.move();
  return {
    async missing() {
      const [containers, networks, volumes, tables] = await Promise.all([
        loudly`docker ps --format ${'{{.Names}}'}`,
        loudly`docker network ls --format ${'{{.Name}}'}`,
        loudly`docker volume ls --format ${'{{.Name}}'}`,
        nft(['list', 'table', 'inet', TABLE]),
      ]);
      const isThere = {
        container: containers.stdout.includes(NAME),
        network: networks.stdout.includes(NAME),
        volume: volumes.stdout.includes(NAME),
        'rule on the host': tables.stdout.includes('accept'),
      };
      return Object.entries(isThere).flatMap(([what, there]) => (there ? [] : [what]));
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}
