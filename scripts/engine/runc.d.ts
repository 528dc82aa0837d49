/**
 * An OCI runtime for hosts that lack CAP_SYS_RESOURCE (nested and micro-VM hosts).
 *
 * Nobody can grant what the host does not have: runc fails to apply the full set of capabilities, so no privileged
 * container starts. The wrapper takes that one capability out of what runc is asked to apply, and then is runc.
 * It is a copy on the host, in POSIX shell and sed: it has to work when this checkout is long gone.
 */
export declare const RUNTIME: {
    readonly name: 'faultline';
    readonly path: '/usr/local/libexec/faultline-runc';
};
export declare const wrapper = "#!/bin/sh\n# Written by Faultline (npm run engine). runc without CAP_SYS_RESOURCE: this host cannot grant it, and without this\n# no privileged container starts. To undo: remove \"runtimes\" and \"default-runtime\" from /etc/docker/daemon.json.\nset -eu\nbefore=\nfor argument in \"$@\"; do\n  case \"$before\" in\n    --bundle | -b) spec=\"$argument/config.json\" ;;\n    --process | -p) spec=\"$argument\" ;;\n    *) spec= ;;\n  esac\n  if [ -f \"$spec\" ]; then\n    sed -i -e 's/\"CAP_SYS_RESOURCE\",//g' -e 's/,\"CAP_SYS_RESOURCE\"//g' -e 's/\\[\"CAP_SYS_RESOURCE\"\\]/[]/g' \"$spec\"\n  fi\n  before=\"$argument\"\ndone\nexec runc \"$@\"\n";
