/** What to do where Faultline cannot bring up an engine by itself. */

export interface Host {
  readonly platform: NodeJS.Platform;
  readonly isRoot: boolean;
  /** Debian, Ubuntu, or what calls itself like them. */
  readonly isDebian: boolean;
  /** Whether there is an engine's socket, which may belong to an engine that runs but is closed to this user. */
  readonly hasSocket: boolean;
}

/** Whether /etc/os-release describes a host with apt as we know it. */
export function isDebianLike(osRelease: string): boolean {
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(osRelease);
}

/** Whether `npm run engine` may install and start an engine here. */
export const canInstall = (host: Host): boolean => host.platform === 'linux' && host.isRoot && host.isDebian;

/** What to type next, where it may not. */
export function advice(host: Host): string {
  if (host.platform === 'darwin')
    return 'start Docker Desktop, OrbStack or Colima (brew install colima docker && colima start)';
  if (host.platform !== 'linux') return 'Linux is needed for the nodes: run Faultline in a Linux virtual machine';
  if (host.isRoot) return 'install Docker 20.10 or later with your package manager, and start it';
  if (host.hasSocket)
    return 'sudo usermod -aG docker "$USER", and log in again: your user may not open /var/run/docker.sock';
  if (host.isDebian) return 'sudo env "PATH=$PATH" npm run engine';
  return 'install Docker 20.10 or later with your package manager, start it, and add your user to the group docker';
}
