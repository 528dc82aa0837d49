/** Opens a file in the user's browser, where there is one. */
import { host } from '@faultline/control';

/** @returns whether it was opened: not without a display, never in CI. */
export async function openInBrowser(path: string): Promise<boolean> {
  const { env, platform } = process;
  const hasDisplay = platform === 'darwin' || Boolean(env['DISPLAY'] ?? env['WAYLAND_DISPLAY']);
  if (!hasDisplay || env['CI']) return false;
  const opener = platform === 'darwin' ? 'open' : 'xdg-open';
  return host.exec([opener, path], { timeoutMs: 10_000 }).then(
    () => true,
    () => false,
  );
}
