/** The Ingress of the substrate bare: HAProxy's configuration, the same on every node. */
import { APP_PORT, type WorkloadSpec } from './spec.ts';
import type { PlacedPod } from './bare-pods.ts';

/**
 * Every node balances over all pods, as Traefik does behind a Service.
 *
 * Each request goes to its pod on a new connection, and a pod that does not take it within 100 ms costs no more than
 * that: the next pod in turn runs on another node. So what clients lose is the address' share, not the Ingress'. Without
 * `http-no-delay` the kernel keeps each line of a stream back for 200 ms (seen), in the hope that more follows.
 */
export function haproxyConfig({ host }: WorkloadSpec, pods: readonly PlacedPod[]): string {
  return `global
  maxconn 4096
  hard-stop-after 5s

defaults
  mode http
  option forwardfor
  option redispatch 1
  option http-no-delay
  retries 2
  timeout connect 100ms
  timeout check 400ms
  timeout client 65s
  timeout server 65s
  timeout http-request 10s
  timeout http-keep-alive 65s

frontend clients
  bind *:80
  http-request return status 404 content-type text/plain string "no such host\\n" unless { req.hdr(host),host_only -i ${host} }
  default_backend userlist

backend userlist
  balance roundrobin
  http-reuse never
  option httpchk GET /healthz
  default-server check inter 500ms fall 2 rise 1
${pods.map(({ name, address }) => `  server ${name} ${address}:${APP_PORT}\n`).join('')}`;
}
