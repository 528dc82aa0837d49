/**
 * An OCI runtime for hosts that lack CAP_SYS_RESOURCE (nested and micro-VM hosts).
 *
 * Nobody can grant what the host does not have: runc fails to apply the full set of capabilities, so no privileged
 * container starts. The wrapper takes that one capability out of what runc is asked to apply, and then is runc.
 * It is a copy on the host, in POSIX shell and sed: it has to work when this checkout is long gone.
 */
export const RUNTIME = { name: 'faultline', path: '/usr/local/libexec/faultline-runc' } as const;

export const wrapper = `#!/bin/sh
# Written by Faultline (npm run engine). runc without CAP_SYS_RESOURCE: this host cannot grant it, and without this
# no privileged container starts. To undo: remove "runtimes" and "default-runtime" from /etc/docker/daemon.json.
set -eu
before=
for argument in "$@"; do
  case "$before" in
    --bundle | -b) spec="$argument/config.json" ;;
    --process | -p) spec="$argument" ;;
    *) spec= ;;
  esac
  if [ -f "$spec" ]; then
    sed -i -e 's/"CAP_SYS_RESOURCE",//g' -e 's/,"CAP_SYS_RESOURCE"//g' -e 's/\\["CAP_SYS_RESOURCE"\\]/[]/g' "$spec"
  fi
  before="$argument"
done
exec runc "$@"
`;
